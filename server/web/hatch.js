// hatch.js: what may still change is drawn under thin slanted lines.
const tiles = new WeakMap();

function tileOf(context, color) {
    const kept = tiles.get(context);
    if (kept?.color === color) return kept.pattern;
    const tile = document.createElement("canvas"), size = 8 * Math.max(1, Math.round(devicePixelRatio));
    tile.width = tile.height = size;
    const ink = tile.getContext("2d");
    ink.strokeStyle = color;
    ink.globalAlpha = 0.55;
    ink.lineWidth = Math.max(1, size / 8);
    for (const shift of [-size, 0, size]) {
        ink.moveTo(shift, size);
        ink.lineTo(shift + size, 0);
    }
    ink.stroke();
    const pattern = context.createPattern(tile, "repeat");
    tiles.set(context, {color, pattern});
    return pattern;
}

export function hatch(context, x, y, width, height, {ink, paper}) {
    context.save();
    context.globalAlpha = 0.35;
    context.fillStyle = paper || "#888";
    context.fillRect(x, y, width, height);
    context.globalAlpha = 0.5;
    context.fillStyle = tileOf(context, ink || "#888");
    context.fillRect(x, y, width, height);
    context.restore();
}

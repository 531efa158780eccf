// kept.js: what this browser keeps, where it may.
export function keep(name, value) {
    try {
        if (value === null) localStorage.removeItem(name);
        else localStorage.setItem(name, value);
        return true;
    } catch { // storage is full or not allowed
        return false;
    }
}

export function kept(name) {
    try {
        return localStorage.getItem(name);
    } catch {
        return null;
    }
}

export function keptNames(prefix) {
    try {
        return Object.keys(localStorage).filter(name => name.startsWith(prefix)).map(name => name.slice(prefix.length));
    } catch {
        return [];
    }
}

/*
 * Main.java: java Main host:port: runs the Java clients against a server; 1 when a check failed.
 */
final class Main {
    private Main() {
    }

    public static void main(String[] arguments) {
        Checks checks = new Checks();
        new Jdbc(arguments[0]).add(checks);
        new ClientV2(arguments[0]).add(checks);
        int failed = checks.run();
        System.exit(failed == 0 ? 0 : 1); /* whatever threads the clients left */
    }
}

/*
 * Checks.java: runs named checks, each alone, and tells of all that failed.
 */
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

final class Checks {
    interface Check {
        void run() throws Exception;
    }

    private final Map<String, Check> checks = new LinkedHashMap<>();

    void add(String name, Check check) {
        checks.put(name, check);
    }

    /* How many failed. */
    int run() {
        int failed = 0;
        for (Map.Entry<String, Check> entry : checks.entrySet()) {
            try {
                entry.getValue().run();
                System.out.println("ok " + entry.getKey());
            } catch (Throwable thrown) {
                failed++;
                System.out.println("FAILED " + entry.getKey());
                thrown.printStackTrace(System.out);
            }
        }
        return failed;
    }

    static void same(Object expected, Object found) {
        if (!Objects.equals(expected, found)) {
            throw new AssertionError("expected " + describe(expected) + ", found " + describe(found));
        }
    }

    static void yes(boolean holds, Object what) {
        if (!holds) {
            throw new AssertionError(String.valueOf(what));
        }
    }

    private static String describe(Object value) {
        return value == null ? "null" : value + " (" + value.getClass().getSimpleName() + ")";
    }
}

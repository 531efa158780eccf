/*
 * replay.c: runs a fuzz target over inputs that are there, in builds without a fuzzer: the committed ones are tests.
 *
 *     NAME_replay PATH...      no input at all, then each file, or each file of each folder, once
 *
 * The file that is under way is named on standard error when the target ends the process.
 */
#include <dirent.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv);

static char under_way[PATH_MAX]; /* an input */

static void name_input(int signal_number)
{
    (void)!write(STDERR_FILENO, "the input is ", strlen("the input is "));
    (void)!write(STDERR_FILENO, under_way, strlen(under_way));
    (void)!write(STDERR_FILENO, "\n", 1);
    (void)signal(signal_number, SIG_DFL);
    (void)raise(signal_number);
}

static void fail(const char *what, const char *path)
{
    perror(path);
    (void)fprintf(stderr, "%s: %s\n", path, what);
    exit(1);
}

static void run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct stat status;
    if (file == NULL || fstat(fileno(file), &status) != 0) {
        fail("cannot be opened", path);
    }
    size_t size = (size_t)status.st_size;
    uint8_t *data = malloc(size == 0 ? 1 : size); /* exactly: the sanitizer sees what is read behind it */
    if (data == NULL || fread(data, 1, size, file) != size) {
        fail("cannot be read", path);
    }
    (void)fclose(file);
    (void)snprintf(under_way, sizeof under_way, "%s", path);
    (void)LLVMFuzzerTestOneInput(data, size);
    free(data);
}

static unsigned run_folder(const char *path)
{
    unsigned inputs = 0;
    char name[PATH_MAX];
    DIR *folder = opendir(path);
    if (folder == NULL) {
        fail("cannot be listed", path);
    }
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] != '.') {
            (void)snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
            run_file(name);
            inputs++;
        }
    }
    (void)closedir(folder);
    return inputs;
}

int main(int argc, char **argv)
{
    unsigned inputs = 1;
    struct stat status;
    (void)signal(SIGABRT, name_input);
    if (LLVMFuzzerInitialize != NULL) {
        (void)LLVMFuzzerInitialize(&argc, &argv);
    }
    (void)LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    for (int i = 1; i < argc; i++) {
        if (stat(argv[i], &status) != 0) {
            fail("no file and no folder", argv[i]);
        }
        if (S_ISDIR(status.st_mode)) {
            inputs += run_folder(argv[i]);
        } else {
            run_file(argv[i]);
            inputs++;
        }
    }
    (void)printf("%u inputs\n", inputs);
    return 0;
}

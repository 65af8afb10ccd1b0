/* path_create_directory: a name in use is exist, whatever it names. */
#include "check.h"

int main(void) {
    make_dir("dir");
    put("file", "text");
    make_link("nowhere", "dangling");
    FAILS(__wasi_path_create_directory(ROOT, "dir"), E_exist);
    FAILS(__wasi_path_create_directory(ROOT, "file"), E_exist);
    FAILS(__wasi_path_create_directory(ROOT, "dangling"), E_exist);
    FAILS(missing("nowhere"), E_noent);
}

// fd_pread: a file below a folder is read at offsets, to its end.
import { equal, holds } from "./check";
import { open, readAt } from "./wasi";

const fd = open("dir/inner/deep.txt", 0);
holds("the file opens", fd > 3);
equal("all", readAt(fd, 0), "deep\n");
equal("rest", readAt(fd, 3), "p\n");
equal("behind the end", readAt(fd, 100), "");

// path_open, fd_write, fd_pread: a file is made, written, read and removed.
import { equal } from "./check";
import { fd_close, open, readAt, unlink, write } from "./wasi";

const CREAT = 1;
const NOENT = 44;

equal("open a missing file", open("file", 0).toString(), (-NOENT).toString());
const fd = open("file", CREAT);
equal("written", write(fd, "grüße").toString(), "7");
equal("content", readAt(fd, 0), "grüße");
equal("content from 4 on", readAt(fd, 4), "ße");
equal("close", fd_close(fd).toString(), "0");
equal("unlink", unlink("file").toString(), "0");
equal("unlink again", unlink("file").toString(), NOENT.toString());

package polyfill

// Part is a function of the polyfill that programs without files do not carry.
type Part struct {
	Import  string // name under module "self"
	Export  string // the polyfill's export behind it
	Without uint32 // what it returns where it is left out: an errno
}

// Boundary lists the calls from the standard streams into the file system.
var Boundary = []Part{
	{"file_reset", "file.reset", 0},
	{"file_close", "file.close", 8},
	{"file_read", "file.read", 8},
	{"file_write", "file.write", 8},
	{"file_seek", "file.seek", 8},
	{"file_filestat_get", "file.filestat_get", 8},
	{"file_prestat_get", "file.prestat_get", 8},
	{"file_prestat_dir_name", "file.prestat_dir_name", 8},
	{"spill_write", "spill.write", 51},
	{"spill_read", "spill.read", 51},
	{"spill_close", "spill.close", 0},
}

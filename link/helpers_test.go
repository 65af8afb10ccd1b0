package link_test

import "strconv"

func itoa(i uint32) string { return strconv.Itoa(int(i)) }

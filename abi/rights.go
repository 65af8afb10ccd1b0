package abi

// Rights is a set of capabilities of a descriptor.
type Rights uint64

// The rights.
const (
	RightFdDatasync           Rights = 1 << 0
	RightFdRead               Rights = 1 << 1
	RightFdSeek               Rights = 1 << 2
	RightFdFdstatSetFlags     Rights = 1 << 3
	RightFdSync               Rights = 1 << 4
	RightFdTell               Rights = 1 << 5
	RightFdWrite              Rights = 1 << 6
	RightFdAdvise             Rights = 1 << 7
	RightFdAllocate           Rights = 1 << 8
	RightPathCreateDirectory  Rights = 1 << 9
	RightPathCreateFile       Rights = 1 << 10
	RightPathLinkSource       Rights = 1 << 11
	RightPathLinkTarget       Rights = 1 << 12
	RightPathOpen             Rights = 1 << 13
	RightFdReaddir            Rights = 1 << 14
	RightPathReadlink         Rights = 1 << 15
	RightPathRenameSource     Rights = 1 << 16
	RightPathRenameTarget     Rights = 1 << 17
	RightPathFilestatGet      Rights = 1 << 18
	RightPathFilestatSetSize  Rights = 1 << 19
	RightPathFilestatSetTimes Rights = 1 << 20
	RightFdFilestatGet        Rights = 1 << 21
	RightFdFilestatSetSize    Rights = 1 << 22
	RightFdFilestatSetTimes   Rights = 1 << 23
	RightPathSymlink          Rights = 1 << 24
	RightPathRemoveDirectory  Rights = 1 << 25
	RightPathUnlinkFile       Rights = 1 << 26
	RightPollFdReadwrite      Rights = 1 << 27
	RightSockShutdown         Rights = 1 << 28
	RightSockAccept           Rights = 1 << 29
	// RightsAll is every right there is.
	RightsAll Rights = 1<<30 - 1
)

package stablefs

// Geometry. Each value is part of the format: see ../FORMAT.md.
const (
	pageShift   = 16 // a Wasm page
	blockShift  = 12 // the unit of allocation
	bucketShift = 23 // the unit in which stable memory is shared

	pageSize     = 1 << pageShift
	blockSize    = 1 << blockShift
	bucketPages  = 1 << (bucketShift - pageShift)
	bucketBlocks = 1 << (bucketShift - blockShift)
	bitmapSize   = bucketBlocks / 8

	maxBuckets   = 1 << 16 // 512 GiB
	groupBuckets = 512     // buckets whose bitmaps lie together: 4 GiB
	groupBlocks  = groupBuckets * bitmapSize >> blockShift
	maxGroups    = maxBuckets / groupBuckets
	rangeBuckets = 256 // buckets of one byte of the superblock's summary
	maxRanges    = maxBuckets / rangeBuckets

	nodeSize    = 256
	nodeHeader  = 64
	inlineSize  = nodeSize - nodeHeader // bytes of a small file that lie in its inode
	chunkNodes  = 512
	chunkBlocks = chunkNodes * nodeSize >> blockShift
	maxChunks   = 1 << 15
	maxNodes    = maxChunks * chunkNodes // 16,777,216

	slotSize  = 64
	slotName  = 40      // bytes of a name in one slot
	maxSlots  = 1 << 26 // of one directory: 4 GiB
	maxLoose  = 16      // entries of a chain that are in no order
	maxExtent = 16      // extents in an inode; further blocks are in its table

	tableFan   = blockSize / 4
	tableDepth = 3
	maxSpill   = 256 // blocks that are entered into a table at once

	journalSize = blockSize
)

// Places, in blocks from the start of the file system's first bucket.
const (
	atSuper   = 0
	atJournal = 1
	atUser    = 2                                  // u16 for each bucket of the user's
	atClass   = atUser + maxBuckets*2>>blockShift  // u8 for each bucket
	atChunks  = atClass + maxBuckets>>blockShift   // u32 for each chunk of inodes
	atBitmap  = atChunks + maxChunks*4>>blockShift // of the first group
	atNodes   = atBitmap + groupBlocks             // the first chunk
	atData    = atNodes + chunkBlocks
	formatted = (atData*blockSize + pageSize - 1) / pageSize // pages
)

// Limits that callers see.
const (
	MaxName   = 255     // bytes
	MaxPath   = 4096    // bytes, of a path and of a symlink's target
	MaxLinks  = 40      // symlinks followed in one path
	MaxSize   = 1 << 42 // bytes of one file, holes included
	MaxOpen   = 1024    // inodes open at once
	maxNlink  = 1 << 30 // of one inode
	cacheSize = 64      // inodes held in the heap
	cacheWays = 8       // places of one inode in the cache: more than an operation touches
	openSlots = 2 * MaxOpen
)

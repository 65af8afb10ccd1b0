package canister

import (
	"fmt"
	"unicode/utf8"

	"github.com/icsplice/icsplice/abi"
)

func argData(e *execution) []byte {
	if e.incoming != nil {
		return e.incoming.reply
	}
	return e.arg
}

func callerOf(e *execution) []byte      { return e.cc.caller }
func methodName(e *execution) []byte    { return []byte(e.cc.method) }
func rejectMessage(e *execution) []byte { return []byte(e.incoming.reject.Message) }

func rejectCode(e *execution, _ []uint64) uint64 {
	if e.incoming == nil || e.incoming.reject == nil {
		return 0
	}
	return uint64(e.incoming.reject.Code)
}

func replyDataAppend(e *execution, a []uint64) uint64 {
	e.checkUnanswered()
	data := e.bytes(a[0], a[1])
	limit := e.replyLimit()
	if len(data) > limit-len(e.reply) {
		e.refuse(fmt.Sprintf("the reply is larger than %d bytes", limit))
	}
	e.reply = append(e.reply, data...)
	return 0
}

// The most bytes of a reply on the IC.
const (
	maxReply      = 2 << 20
	maxQueryReply = 3 << 20
)

func (e *execution) replyLimit() int {
	switch {
	case e.c.opts.ReplyLimit != 0:
		return e.c.opts.ReplyLimit
	case e.mode&(abi.ModeQuery|abi.ModeCompositeQuery) != 0:
		return maxQueryReply
	}
	return maxReply
}

func msgReply(e *execution, _ []uint64) uint64 {
	e.checkUnanswered()
	e.response = &response{reply: append([]byte{}, e.reply...)}
	return 0
}

func msgReject(e *execution, a []uint64) uint64 {
	e.checkUnanswered()
	text := e.bytes(a[0], a[1])
	if len(text) > maxReply {
		e.refuse(fmt.Sprintf("the message is larger than %d bytes", maxReply))
	}
	if !utf8.Valid(text) {
		e.refuse("the message is not UTF-8")
	}
	e.response = rejection(RejectCanisterReject, string(text))
	return 0
}

func (e *execution) checkUnanswered() {
	if e.response != nil || e.cc.response != nil {
		e.refuse("the message has been answered already")
	}
}

func acceptMessage(e *execution, _ []uint64) uint64 {
	if e.accepted {
		e.refuse("the message has been accepted already")
	}
	e.accepted = true
	return 0
}

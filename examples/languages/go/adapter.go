// Adapter for: contractfuzz check --command ./adapter --persistent
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
)

type answer = map[string]any

func call(id int, body []byte) (out answer) {
	defer func() {
		if failure := recover(); failure != nil {
			_, stack, _ := strings.Cut(string(debug.Stack()), "panic(")
			out = answer{"id": id, "verdict": "crashed", "error": fmt.Sprintf("panic: %v\n%s", failure, stack)}
		}
	}()
	result, err := read(body) // your reader: an error rejects the body
	if err != nil {
		return answer{"id": id, "verdict": "rejected", "error": err.Error()}
	}
	return answer{"id": id, "verdict": "accepted", "result": result}
}

type request struct {
	ID     int
	Body   string
	Base64 []byte
}

func main() {
	requests, answers := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for next := (request{}); requests.Decode(&next) == nil; next = (request{}) {
		answers.Encode(call(next.ID, append(next.Base64, next.Body...)))
	}
}

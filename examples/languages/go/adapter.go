// Adapter for: contractfuzz check --command ./adapter --persistent
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
)

type answer struct {
	ID      int    `json:"id"`
	Verdict string `json:"verdict"`
	Result  any    `json:"result,omitempty"`
	Error   string `json:"error,omitempty"`
}

func call(id int, body []byte) (out answer) {
	defer func() {
		if failure := recover(); failure != nil {
			_, stack, _ := strings.Cut(string(debug.Stack()), "panic(")
			out = answer{ID: id, Verdict: "crashed", Error: fmt.Sprintf("panic: %v\n%s", failure, stack)}
		}
	}()
	result, err := read(body) // your reader: an error rejects the body
	if err != nil {
		return answer{ID: id, Verdict: "rejected", Error: err.Error()}
	}
	return answer{ID: id, Verdict: "accepted", Result: result}
}

func main() {
	requests, answers := json.NewDecoder(bufio.NewReader(os.Stdin)), json.NewEncoder(os.Stdout)
	var request struct{ ID int; Body *string; Base64 []byte }
	for requests.Decode(&request) == nil {
		if request.Body != nil { request.Base64 = []byte(*request.Body) }
		answers.Encode(call(request.ID, request.Base64))
		request.Body, request.Base64 = nil, nil
	}
}

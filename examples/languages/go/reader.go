package main

// A sample reader of orders. It has a bug: it trusts the priority.

import (
	"encoding/json"
	"errors"
	"unicode/utf8"
)

type priority struct{ weight float64 }

var priorities = map[string]*priority{"low": {1}, "high": {3}}

func read(body []byte) (any, error) {
	var order map[string]any
	if !utf8.Valid(body) {
		return nil, errors.New("not UTF-8")
	}
	if err := json.Unmarshal(body, &order); err != nil {
		return nil, err
	}
	id, isText := order["id"].(string)
	quantity, isNumber := order["quantity"].(float64)
	name, isName := order["priority"].(string)
	if !isText || id == "" {
		return nil, errors.New("no id")
	}
	if !isNumber || quantity != float64(int(quantity)) || quantity < 1 || quantity > 1000 {
		return nil, errors.New("wrong quantity")
	}
	if !isName {
		return nil, errors.New("wrong priority")
	}
	return map[string]any{"id": id, "cost": quantity * priorities[name].weight}, nil
}

// Adapter for: contractfuzz check --command target/release/adapter --persistent
mod reader;

use base64::{engine::general_purpose::STANDARD, Engine};
use serde_json::{json, Value};
use std::io::{stdin, stdout, BufRead, Write};
use std::{cell::RefCell, panic};

thread_local! { static PANIC: RefCell<String> = RefCell::new(String::new()); }

fn answer(line: &str) -> Value {
    let request: Value = serde_json::from_str(line).expect("a request is JSON");
    let body = match request["base64"].as_str() {
        Some(text) => STANDARD.decode(text).expect("base64 is valid"),
        None => request["body"].as_str().expect("a request has a body").as_bytes().to_vec(),
    };
    // Your reader: an error rejects the body.
    match panic::catch_unwind(|| reader::read(&body)) {
        Ok(Ok(result)) => json!({"id": request["id"], "verdict": "accepted", "result": result}),
        Ok(Err(error)) => json!({"id": request["id"], "verdict": "rejected", "error": error.to_string()}),
        Err(_) => json!({"id": request["id"], "verdict": "crashed", "error": PANIC.take()}),
    }
}

fn main() {
    panic::set_hook(Box::new(|info| PANIC.set(info.to_string())));
    for line in stdin().lock().lines() {
        let mut out = stdout().lock();
        writeln!(out, "{}", answer(&line.expect("a line is UTF-8"))).and_then(|()| out.flush()).expect("the pipe is open");
    }
}

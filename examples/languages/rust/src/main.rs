// Adapter for: contractfuzz check --command target/release/adapter --persistent
mod reader;

use serde_json::{json, Value};
use std::io::{stdin, stdout, BufRead, Write};
use std::{panic, sync::Mutex};

static PANIC: Mutex<String> = Mutex::new(String::new());

fn decode(base64: &str) -> Vec<u8> {
    let (mut bits, mut count, mut bytes) = (0u32, 0, Vec::new());
    for letter in base64.trim_end_matches('=').chars() {
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        bits = bits << 6 | alphabet.find(letter).expect("base64 is valid") as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}

fn answer(line: &str) -> Value {
    let request: Value = serde_json::from_str(line).expect("a request is JSON");
    let body = request["body"].as_str().map(|text| text.as_bytes().to_vec());
    let body = body.unwrap_or_else(|| decode(request["base64"].as_str().expect("a request has a body")));
    match panic::catch_unwind(|| reader::read(&body)) { // your reader: an error rejects the body
        Ok(Ok(result)) => json!({"id": request["id"], "verdict": "accepted", "result": result}),
        Ok(Err(error)) => json!({"id": request["id"], "verdict": "rejected", "error": error.to_string()}),
        Err(_) => json!({"id": request["id"], "verdict": "crashed", "error": *PANIC.lock().unwrap()}),
    }
}

fn main() {
    panic::set_hook(Box::new(|info| *PANIC.lock().unwrap() = info.to_string()));
    for line in stdin().lock().lines() {
        writeln!(stdout(), "{}", answer(&line.expect("a line is UTF-8"))).expect("the pipe is open");
    }
}

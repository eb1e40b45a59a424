//! Does the program say where it listens, and does it end when it should?

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

fn start(words: &[&str]) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_simulator"))
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    (child, line)
}

#[test]
fn it_ends_with_its_stdin() {
    let (mut child, line) = start(&["--port", "0", "--exit-with-stdin"]);
    let port = line
        .trim()
        .strip_prefix("simulator ready http://127.0.0.1:");
    assert!(
        port.is_some_and(|port| port.parse::<u16>().is_ok_and(|port| port != 0)),
        "{line}"
    );
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn it_ends_when_it_is_terminated() {
    let (mut child, _) = start(&["--port", "0", "--phone-autoread", "true"]);
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );
    assert!(child.wait().unwrap().success());
}

#[test]
fn it_refuses_words_it_does_not_know() {
    let output = Command::new(env!("CARGO_BIN_EXE_simulator"))
        .arg("--prot")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("usage:"));
}

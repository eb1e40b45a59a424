//! What does a built Worker say of itself? It is started in workerd and asked for `/healthz`, which also
//! proves that it starts at all.

use crate::Outcome;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The whole answer, status line and body, of the Worker in this folder.
pub(crate) fn of(folder: &str) -> Outcome<String> {
    let failed = |_| format!("The Worker in {folder} does not start: see above.");
    let settings = format!(r#"{{"script":"{folder}","port":0,"state":"target/health-state"}}"#);
    let child = Command::new("node")
        .args(["xtask/workerd.mjs", &settings])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|_| failed(()))?;
    let mut host = Host(child);
    let address = host.address().ok_or_else(|| failed(()))?;
    ask(&address).map_err(|_| failed(()))
}

/// Ends with its stdin.
struct Host(Child);

impl Host {
    fn address(&mut self) -> Option<String> {
        let lines = BufReader::new(self.0.stdout.take()?).lines();
        lines
            .map_while(Result::ok)
            .find_map(|line| Some(line.strip_prefix("edge ready http://")?.to_owned()))
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ended = self.0.wait();
    }
}

fn ask(address: &str) -> std::io::Result<String> {
    let mut connection = TcpStream::connect(address)?;
    connection.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(
        connection,
        "GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer)?;
    Ok(answer)
}

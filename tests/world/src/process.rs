//! How does a child process start, tell us that it is ready, and surely end?
//!
//! Its stdin is a pipe that we hold: when we end in whatever way, it reads the end and stops.

use crate::{Failure, wait};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// How long a start may take on a slow machine.
const START: Duration = Duration::from_secs(30);
/// How long a child may take to stop by itself before it is killed.
const STOP: Duration = Duration::from_secs(3);

/// A running child with what it said.
pub(crate) struct Process {
    child: Child,
    said: Arc<Mutex<Vec<String>>>,
    hearing: Option<thread::JoinHandle<()>>,
    log: PathBuf,
}

impl Process {
    /// Starts it; its stderr is appended to `log`.
    pub(crate) fn start(mut command: Command, log: &Path) -> Result<Self, Failure> {
        let stderr = File::options().create(true).append(true).open(log)?;
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .map_err(|error| Failure::new(format!("Cannot start {command:?}: {error}.")))?;
        let said = Arc::new(Mutex::new(Vec::new()));
        let hearing = child.stdout.take().map(|out| {
            let said = Arc::clone(&said);
            thread::spawn(move || {
                for line in BufReader::new(out).lines().map_while(Result::ok) {
                    if let Ok(mut said) = said.lock() {
                        said.push(line);
                    }
                }
            })
        });
        Ok(Self {
            child,
            said,
            hearing,
            log: log.to_owned(),
        })
    }

    /// Waits until it has said a line that begins so, and answers the rest of that line.
    pub(crate) async fn says(&mut self, beginning: &str) -> Result<String, Failure> {
        let found = wait::until(beginning, START, async || {
            // In this order: what was said before the end counts.
            let ended = self.has_ended();
            match self.said(beginning) {
                Some(rest) => Some(Ok(rest)),
                None if ended => Some(Err(())),
                None => None,
            }
        })
        .await;
        match found {
            Ok(Ok(rest)) => Ok(rest),
            _ => Err(Failure::new(format!(
                "It never said `{beginning}`. Its log ends with:\n{}",
                self.last_words()
            ))),
        }
    }

    /// Ends it, and answers the rest of the line that it said at its end. Only for a process that has no children of
    /// its own: they would keep its stdout open.
    pub(crate) fn says_at_its_end(&mut self, beginning: &str) -> Option<String> {
        self.stop();
        if let Some(hearing) = self.hearing.take() {
            let _heard_all = hearing.join();
        }
        self.said(beginning)
    }

    fn said(&self, beginning: &str) -> Option<String> {
        let said = self.said.lock().ok()?;
        said.iter()
            .find_map(|line| Some(line.strip_prefix(beginning)?.trim().to_owned()))
    }

    /// Whether it is not running any more.
    pub(crate) fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    fn last_words(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    /// Ends it: politely by closing its stdin, then not.
    pub(crate) fn stop(&mut self) {
        drop(self.child.stdin.take());
        let asked = Instant::now();
        while !self.has_ended() {
            if asked.elapsed() > STOP {
                let _gone_already = self.child.kill();
                break;
            }
            thread::sleep(Duration::from_millis(5));
        }
        let _reaped = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Kills without warning, as a power cut would.
pub(crate) fn kill(pid: u32) {
    let _gone_already = Command::new("kill")
        .args(["-KILL", &pid.to_string()])
        .stderr(Stdio::null())
        .status();
}

/// The project's root: of the sources when run by cargo, else the working directory.
pub(crate) fn root() -> PathBuf {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    sources
        .canonicalize()
        .unwrap_or_else(|_| PathBuf::from("."))
}

/// Where cargo put the project's native programs.
pub fn build_folder() -> PathBuf {
    let of_us = std::env::current_exe().ok();
    let debug = of_us.as_deref().and_then(|exe| {
        // target/debug/demo, or target/debug/deps/end_to_end-0123456789abcdef
        exe.ancestors()
            .skip(1)
            .find(|folder| folder.file_name().is_some_and(|name| name != "deps"))
    });
    debug.map_or_else(|| root().join("target/debug"), Path::to_path_buf)
}

//! How is a Worker run here? In workerd, by `xtask/workerd.mjs`: the edge and the floor alike.

use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use world::Failure;

/// A running Worker. It ends, workerd with it, when it is dropped: its stdin closes.
pub(crate) struct Hosted {
    /// `http://127.0.0.1:…`
    pub(crate) url: String,
    workerd: u32,
    child: Child,
    /// Held open, lest its host be told that nobody listens.
    _said: Lines<BufReader<ChildStdout>>,
}

impl Hosted {
    /// Returns once it listens. `settings` are those of `xtask/workerd.mjs`.
    pub(crate) fn start(settings: &Value, log: &Path) -> Result<Self, Failure> {
        let failed = || Failure::new(format!("A Worker did not start: see {}.", log.display()));
        let mut child = Command::new("node")
            .arg("xtask/workerd.mjs")
            .arg(settings.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(log)?)
            .spawn()?;
        let mut said = BufReader::new(child.stdout.take().ok_or_else(failed)?).lines();
        let mut told = |beginning: &str| {
            let mut lines = said.by_ref().map_while(Result::ok);
            lines.find_map(|line| line.strip_prefix(beginning).map(str::to_owned))
        };
        let workerd = told("workerd ").and_then(|pid| pid.parse().ok());
        let url = told("edge ready ").ok_or_else(failed)?;
        Ok(Self {
            url,
            workerd: workerd.ok_or_else(failed)?,
            child,
            _said: said,
        })
    }
}

impl Hosted {
    /// How long workerd has kept a processor busy so far, in milliseconds, where the system tells
    /// (Linux). Unlike any time on the clock, hardly touched by what else the machine does.
    pub(crate) fn busy(&self) -> Option<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.workerd)).ok()?;
        // proc_pid_stat(5): after the name in parentheses, utime and stime are the 12th and 13th
        // word, in hundredths of a second.
        let (_, after) = stat.rsplit_once(')')?;
        let words: Vec<&str> = after.split_whitespace().collect();
        let hundredths: f64 = words
            .get(11..13)?
            .iter()
            .flat_map(|it| it.parse::<f64>())
            .sum();
        Some(hundredths * 10.0)
    }
}

impl Drop for Hosted {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ended = self.child.wait();
    }
}

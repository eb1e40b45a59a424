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
        let url = said
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("edge ready ").map(str::to_owned))
            .ok_or_else(failed)?;
        Ok(Self {
            url,
            child,
            _said: said,
        })
    }
}

impl Drop for Hosted {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ended = self.child.wait();
    }
}

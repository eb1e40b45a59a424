//! Where do the browser tests find a running Finestra? One is started for them and ends with them.

use crate::Outcome;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// The demo binary on free ports, with a state of its own. It ends when its stdin closes.
pub(crate) struct World {
    child: Child,
    /// `http://127.0.0.1:…`
    pub(crate) edge: String,
    /// `http://127.0.0.1:…`
    pub(crate) simulator: String,
}

impl World {
    /// Returns once it has said that it is ready.
    pub(crate) fn start() -> Outcome<Self> {
        let failed = || "The test world did not start: see above.".to_owned();
        let mut child = Command::new("target/debug/demo")
            .args([
                "--port",
                "0",
                "--simulator-port",
                "0",
                "--until-stdin-closes",
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|_| failed())?;
        let ready = child
            .stdout
            .take()
            .into_iter()
            .flat_map(|out| BufReader::new(out).lines())
            .map_while(Result::ok)
            .find(|line| line.starts_with("finestra ready"));
        let addresses: Vec<String> = ready
            .iter()
            .flat_map(|line| line.split_whitespace())
            .filter(|word| word.starts_with("http"))
            .map(|word| word.trim_end_matches('/').to_owned())
            .collect();
        let [edge, _, simulator, ..] = addresses.as_slice() else {
            return Err(failed());
        };
        Ok(Self {
            child,
            edge: edge.clone(),
            simulator: simulator.clone(),
        })
    }
}

impl World {
    /// Ends it; answers whether it has nothing to complain of, such as a message that WhatsApp refused.
    pub(crate) fn end(mut self) -> bool {
        self.stop()
    }

    fn stop(&mut self) -> bool {
        drop(self.child.stdin.take());
        self.child.wait().is_ok_and(|status| status.success())
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop();
    }
}

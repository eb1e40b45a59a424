//! How are the edge and the simulator started, killed, started again and stopped?

use crate::process::{self, Process, build_folder, root};
use crate::rest::Rest;
use crate::simulator::SimulatorClient;
use crate::token::{self, Claims, DEVELOPMENT_SECRET};
use crate::{Failure, demo, ports, seed, wait};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

const READY: Duration = Duration::from_secs(15);

/// What kind of world is wanted. The default is what most tests want: free ports, a temporary
/// state, the demo deployment, nobody has written yet.
#[derive(Clone, Debug)]
pub struct Options {
    /// The edge's port; 0 for a free one.
    pub port: u16,
    /// The simulator's port; 0 for a free one.
    pub simulator_port: u16,
    /// Where the edge keeps its state; `None` for a folder that goes with the world.
    pub state: Option<PathBuf>,
    /// Whether account, senders and templates of [`crate::demo`] are set up.
    pub deployment: bool,
    /// Whether the demo's customers have written, agreed or kept silent.
    pub customers: bool,
    /// Further variables for the Worker, over the defaults.
    pub vars: BTreeMap<String, String>,
    /// Whether WhatsApp may refuse with 63016 what the edge let through, as it does if webhooks come later than the
    /// margin. Otherwise it must not, and a world in which it did fails its test when it ends.
    pub refusals: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            simulator_port: 0,
            state: None,
            deployment: true,
            customers: false,
            vars: BTreeMap::new(),
            refusals: false,
        }
    }
}

/// A running Finestra.
pub struct World {
    /// The edge's REST API, as an admin.
    pub rest: Rest,
    /// The customer, Twilio and the clock.
    pub simulator: SimulatorClient,
    // Stopped in this order.
    edge: Option<Edge>,
    simulator_process: Process,
    edge_command: EdgeCommand,
    folder: Folder,
    refusals: bool,
    ended: bool,
}

struct Edge {
    host: Process,
    workerd: u32,
}

impl Drop for Edge {
    fn drop(&mut self) {
        self.host.stop();
        // Only if its host was killed in a way that left it behind.
        process::kill(self.workerd);
    }
}

/// Everything needed to start the same edge again.
struct EdgeCommand {
    settings: Value,
    url: String,
    log: PathBuf,
}

impl World {
    /// Starts simulator and edge side by side, waits until both answer, then seeds.
    ///
    /// # Errors
    /// With a sentence: something is not built, a port is taken, a process did not start.
    pub async fn start(options: Options) -> Result<Self, Failure> {
        let port = chosen(options.port, "--port")?;
        let simulator_port = chosen(options.simulator_port, "--simulator-port")?;
        let url = format!("http://127.0.0.1:{port}");
        let simulator = SimulatorClient::new(&format!("http://127.0.0.1:{simulator_port}"));
        let folder = Folder::of(options.state)?;

        let mut vars = BTreeMap::from([
            ("PUBLIC_URL".to_owned(), url.clone()),
            (
                "ALLOWED_ORIGINS".to_owned(),
                format!("{url} http://localhost:{port}"),
            ),
            ("JWT_AUDIENCE".to_owned(), "finestra".to_owned()),
            ("TWILIO_API_URL".to_owned(), simulator.url.clone()),
            (
                "SIMULATOR_ACCOUNT_SID".to_owned(),
                demo::TRIAL_SID.to_owned(),
            ),
            (
                "SIMULATOR_AUTH_TOKEN".to_owned(),
                demo::TRIAL_TOKEN.to_owned(),
            ),
            ("SIMULATOR_NUMBER".to_owned(), demo::TRIAL_NUMBER.to_owned()),
        ]);
        vars.extend(options.vars);
        let edge_command = EdgeCommand {
            settings: json!({
                "script": root().join("target/edge-dev"),
                "site": root().join("target/site"),
                "port": port,
                "state": folder.path.join("edge"),
                "vars": vars,
            }),
            url: url.clone(),
            log: folder.path.join("edge.log"),
        };

        let mut simulator_process = start_simulator(simulator_port, &url, &folder.path)?;
        let edge = edge_command.start().await?;
        wait::until("the simulator answers", READY, async || {
            if simulator_process.has_ended() {
                return Some(Err(Failure::new(format!(
                    "The simulator ended: see {}.",
                    folder.path.join("simulator.log").display()
                ))));
            }
            simulator.get("/simulator/clock").await.ok().map(Ok)
        })
        .await??;

        let admin = token::mint(
            DEVELOPMENT_SECRET,
            &Claims::new("admin", "World", &["*"], 24 * 3600),
        );
        let world = Self {
            rest: Rest::new(&url, admin),
            simulator,
            edge: Some(edge),
            simulator_process,
            edge_command,
            folder,
            refusals: options.refusals,
            ended: false,
        };
        seed::trial(&world).await?;
        if options.deployment {
            seed::deployment(&world).await?;
        }
        if options.customers {
            seed::customers(&world).await?;
        }
        Ok(world)
    }

    /// `http://127.0.0.1:…`
    pub fn edge_url(&self) -> &str {
        &self.edge_command.url
    }

    /// `http://127.0.0.1:…`
    pub fn simulator_url(&self) -> &str {
        &self.simulator.url
    }

    /// A token good for an hour. `senders` are ids, or `*`.
    pub fn token(&self, role: &str, name: &str, senders: &[&str]) -> String {
        token::mint(DEVELOPMENT_SECRET, &Claims::new(role, name, senders, 3600))
    }

    /// The REST API as somebody else.
    pub fn rest_as(&self, role: &str, name: &str, senders: &[&str]) -> Rest {
        self.rest.with_token(self.token(role, name, senders))
    }

    /// Power cut while others still hold the world: workerd gets SIGKILL, and
    /// [`World::restart_edge`] brings it back.
    pub fn cut_power(&self) {
        if let Some(edge) = &self.edge {
            process::kill(edge.workerd);
        }
    }

    /// Power cut: workerd gets SIGKILL in the middle of whatever it does.
    pub fn kill_edge(&mut self) {
        if let Some(edge) = &self.edge {
            process::kill(edge.workerd);
        }
        self.edge = None;
    }

    /// Starts the edge again, on the same state and the same port.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn restart_edge(&mut self) -> Result<(), Failure> {
        self.edge = None;
        self.edge = Some(self.edge_command.start().await?);
        Ok(())
    }

    /// Whether all processes are still there; `cargo xtask dev` ends when they are not.
    pub fn is_alive(&mut self) -> bool {
        !self.simulator_process.has_ended()
            && self
                .edge
                .as_mut()
                .is_some_and(|edge| !edge.host.has_ended())
    }

    /// What the Worker has written to its log, over all restarts.
    pub fn edge_log(&self) -> String {
        std::fs::read_to_string(&self.edge_command.log).unwrap_or_default()
    }

    /// Stops everything, and asks the simulator whether its WhatsApp refused anything that the edge let through.
    /// Dropping a world asks as well, and panics.
    ///
    /// # Errors
    /// When it refused something, unless [`Options::refusals`]; and when it did not say.
    pub fn end(mut self) -> Result<(), Failure> {
        self.verdict()
    }

    fn verdict(&mut self) -> Result<(), Failure> {
        if std::mem::replace(&mut self.ended, true) {
            return Ok(());
        }
        self.edge = None;
        let refused = self
            .simulator_process
            .says_at_its_end("simulator refused ")
            .and_then(|rest| rest.strip_suffix(" with 63016")?.parse::<u32>().ok());
        match refused {
            _ if self.refusals => Ok(()),
            Some(0) => Ok(()),
            Some(count) => Err(Failure::new(format!(
                "WhatsApp refused {count} of the messages that the edge let through: outside the window (63016)."
            ))),
            None => Err(Failure::new(
                "The simulator ended without saying what it refused.",
            )),
        }
    }

    /// Where state and logs lie.
    pub fn folder(&self) -> &Path {
        &self.folder.path
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Err(failure) = self.verdict()
            && !std::thread::panicking()
        {
            panic!("{failure}");
        }
    }
}

impl EdgeCommand {
    async fn start(&self) -> Result<Edge, Failure> {
        let mut node = Command::new("node");
        node.current_dir(root())
            .arg("xtask/workerd.mjs")
            .arg(self.settings.to_string());
        let mut host = Process::start(node, &self.log)?;
        let pid = host.says("workerd ").await?;
        let Ok(workerd) = pid.parse() else {
            return Err(Failure::new(format!("`{pid}` is no process id.")));
        };
        let mut edge = Edge { host, workerd };
        edge.host.says("edge ready ").await?;
        let rest = Rest::new(&self.url, String::new());
        wait::until("the edge answers /healthz", READY, async || {
            rest.get("/healthz")
                .await
                .ok()
                .filter(|answer| answer.status == 200)
        })
        .await?;
        Ok(edge)
    }
}

fn start_simulator(port: u16, edge: &str, folder: &Path) -> Result<Process, Failure> {
    let binary = std::env::var_os("SIMULATOR_BIN")
        .map_or_else(|| build_folder().join("simulator"), PathBuf::from);
    if !binary.exists() {
        return Err(Failure::new(format!(
            "There is no {}: run `cargo build -p simulator`.",
            binary.display()
        )));
    }
    let mut simulator = Command::new(binary);
    simulator.args([
        "--port",
        &port.to_string(),
        "--edge",
        edge,
        "--exit-with-stdin",
    ]);
    Process::start(simulator, &folder.join("simulator.log"))
}

fn chosen(port: u16, option: &str) -> Result<u16, Failure> {
    match port {
        0 => Ok(ports::free()?),
        port if ports::taken(port) => Err(Failure::new(format!(
            "Port {port} is taken: stop what listens there, or give another with `{option}`."
        ))),
        port => Ok(port),
    }
}

/// Where state and logs lie; removed with the world unless it was given.
struct Folder {
    path: PathBuf,
    temporary: bool,
}

impl Folder {
    fn of(given: Option<PathBuf>) -> Result<Self, Failure> {
        static WORLDS: AtomicU32 = AtomicU32::new(0);
        let temporary = given.is_none();
        let path = given.unwrap_or_else(|| {
            let number = WORLDS.fetch_add(1, Ordering::Relaxed);
            std::env::temp_dir().join(format!("finestra-world-{}-{number}", std::process::id()))
        });
        std::fs::create_dir_all(&path)?;
        let path = path.canonicalize()?;
        for log in ["edge.log", "simulator.log"] {
            // A kept state keeps its facts, not its logs.
            let _none_yet = std::fs::remove_file(path.join(log));
        }
        Ok(Self { path, temporary })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.temporary {
            let _gone_already = std::fs::remove_dir_all(&self.path);
        }
    }
}

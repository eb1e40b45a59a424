//! What is built from what? The widget and `www/` become `target/site/`, the edge becomes
//! `target/edge/` (release) or `target/edge-dev/` (with the simulated clock). Nothing is done twice.

use crate::process::{cargo, program, run, run_quietly, step};
use crate::stamp::Stamp;
use crate::{Outcome, lock, process, tools};
use std::fs;
use std::path::{self, Path};
use std::process::Command;

/// The two Workers there are. They never share a folder, so that one cannot be deployed as the other.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    /// What `deploy` uploads.
    Release,
    /// With `simulated-clock`: tests and `dev`. Optimised all the same, so that benchmarks mean something.
    Dev,
}

impl Kind {
    fn folder(self) -> &'static str {
        match self {
            Kind::Release => "target/edge",
            Kind::Dev => "target/edge-dev",
        }
    }

    fn features(self) -> &'static str {
        match self {
            Kind::Release => "",
            Kind::Dev => "--features edge/simulated-clock",
        }
    }

    /// Where it is compiled. Apart, or each would be compiled anew after the other.
    fn compiled(self) -> &'static str {
        match self {
            Kind::Release => "target",
            Kind::Dev => "target/simulated-clock",
        }
    }
}

/// The two modules of a Worker, of the same sources: what every isolate loads, and what it loads once an
/// administrator asks for something. `edge/worker/worker.js` puts them together.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Worker,
    Administration,
}

impl Part {
    fn folder(self, kind: Kind) -> String {
        let worker = kind.folder();
        match self {
            Part::Worker => worker.to_owned(),
            Part::Administration => format!("{worker}/administration"),
        }
    }

    /// The crate's folder below `edge/`, and the end of its name.
    fn name(self) -> &'static str {
        match self {
            Part::Worker => "worker",
            Part::Administration => "administration",
        }
    }
}

/// What wasm-opt may emit: what the browsers of the last years and Node load. Never all of them.
pub(crate) const WASM_FEATURES: &str = "--enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext \
    --enable-mutable-globals --enable-reference-types --enable-multivalue";

/// What is done to the widget, where brotli's bytes count and not those before it: control flow is taken
/// apart and put together alike everywhere, functions that are called once stay where they are, and
/// like stands beside like. Measured, 2.4 KB less than `-Oz` alone.
const WIDGET_PASSES: &str = "--flatten --rereloop --one-caller-inline-max-function-size=20 -Oz -Oz --converge \
    --reorder-functions-by-name --strip-debug --strip-producers --strip-target-features";

/// What is done to the Worker before wasm-bindgen, where gzip's bytes count: as for the widget. Measured,
/// 37 KB less than `-Oz` afterwards alone. The functions keep their names.
const WORKER_PASSES: &str =
    "-g --flatten --rereloop --one-caller-inline-max-function-size=20 -Oz -Oz";

/// What is done to it at the end. Like stands beside like, as far as names tell; then they go.
const WORKER_FINISH: &str = "--one-caller-inline-max-function-size=20 -Oz --converge \
    --reorder-functions-by-name --strip-debug --strip-producers";

/// `cargo xtask build [--dev]`
pub(crate) fn command(arguments: &[String]) -> Outcome {
    process::only_options(arguments, &[], &["--dev"])?;
    tools::for_building()?;
    let dev = arguments.iter().any(|argument| argument == "--dev");
    build(if dev { Kind::Dev } else { Kind::Release })
}

/// Site and Worker, as far as they changed. The tools must be there.
pub(crate) fn build(kind: Kind) -> Outcome {
    let _lock = lock::acquire("build")?;
    widget()?;
    site()?;
    worker(kind)
}

/// `target/module/finestra.wasm` and its glue `finestra.js`.
fn widget() -> Outcome {
    step("widget", || {
        run(
            cargo("build --quiet -p widget --lib --profile widget --target wasm32-unknown-unknown"),
            "The widget does not compile: see above.",
        )
    })?;
    let compiled = Path::new("target/wasm32-unknown-unknown/widget/widget.wasm");
    let stamp = Stamp::of(
        "widget",
        &[compiled],
        &format!("{WASM_FEATURES} {WIDGET_PASSES}"),
    );
    if stamp.is_fresh() && Path::new("target/module/finestra.wasm").exists() {
        return Ok(());
    }
    let mut bindgen = Command::new(tools::installed("wasm-bindgen")?);
    bindgen.arg(compiled).args(
        "--target web --no-typescript --omit-default-module-path --out-dir target/module --out-name finestra"
            .split(' '),
    );
    run_quietly(bindgen, "wasm-bindgen refused the widget: see above.")?;
    let mut opt = Command::new(tools::npm_binary("wasm-opt")?);
    opt.arg("target/module/finestra_bg.wasm")
        .args(WIDGET_PASSES.split_whitespace())
        .args(WASM_FEATURES.split_whitespace())
        .args(["-o", "target/module/finestra.wasm"]);
    run_quietly(opt, "wasm-opt refused the widget: see above.")?;
    stamp.write()
}

/// `target/site/`: quick enough to be done every time; files that did not change are left alone.
fn site() -> Outcome {
    step("site", || {
        run(
            program("node xtask/site.mjs www target/module target/site"),
            "The site could not be assembled: see above.",
        )
    })
}

/// `target/edge*/`: `worker.js`, and the two modules it puts together.
fn worker(kind: Kind) -> Outcome {
    step("Worker", || {
        part(kind, Part::Worker)?;
        part(kind, Part::Administration)?;
        let entry = format!("{}/worker.js", kind.folder());
        fs::copy("edge/worker/worker.js", &entry)
            .map(|_| ())
            .map_err(|error| format!("Cannot write {entry}: {error}."))
    })
}

/// `index.js` and `index_bg.wasm` of one module.
fn part(kind: Kind, part: Part) -> Outcome {
    let (folder, name, features) = (part.folder(kind), part.name(), kind.features());
    let target = path::absolute(kind.compiled())
        .map_err(|error| format!("There is no {}: {error}.", kind.compiled()))?;
    // The same compilation that worker-build asks for: it finds everything done, and when
    // nothing came out differently it need not run at all.
    let mut compile = cargo(&format!(
        "build --quiet -p edge-{name} --lib --release --target wasm32-unknown-unknown {features}"
    ));
    compile.env("CARGO_TARGET_DIR", &target);
    run(compile, "The Worker does not compile: see above.")?;
    let compiled = target.join(format!("wasm32-unknown-unknown/release/edge_{name}.wasm"));
    let stamp = Stamp::of(
        &folder.replace('/', "-"),
        &[
            &compiled,
            &Path::new("edge").join(name).join("Cargo.toml"),
            Path::new("xtask/worker-bindgen.mjs"),
            Path::new("xtask/imports.mjs"),
        ],
        &format!("{folder} {WORKER_PASSES} {WORKER_FINISH}"),
    );
    if stamp.is_fresh() && Path::new(&folder).join("index.js").exists() {
        return Ok(());
    }
    let mut build = Command::new(tools::installed("worker-build")?);
    build
        .current_dir(Path::new("edge").join(name))
        .args(["--release", "--out-dir", &format!("../../{folder}")])
        .args(features.split_whitespace())
        .env("CARGO_TARGET_DIR", &target)
        .env("WASM_OPT_BIN", tools::npm_binary("wasm-opt")?)
        .env("ESBUILD_BIN", tools::npm_binary("esbuild")?);
    let bindgen = tools::installed("wasm-bindgen")?;
    if kind == Kind::Release {
        build
            .env(
                "WASM_BINDGEN_BIN",
                tools::script("xtask/worker-bindgen.mjs")?,
            )
            .env("BINDGEN", bindgen)
            .env("WASM_OPT", tools::npm_binary("wasm-opt")?)
            .env("WASM_PASSES", format!("{WASM_FEATURES} {WORKER_PASSES}"));
    } else {
        build.env("WASM_BINDGEN_BIN", bindgen);
    }
    run_quietly(build, "worker-build failed: see above.")?;
    if kind == Kind::Release {
        strip(&folder)?;
    }
    stamp.write()
}

/// worker-build keeps the names of functions, a fifth of the bytes, for stack traces. With
/// `panic = "abort"` there are none to read in production; the development build keeps them.
fn strip(folder: &str) -> Outcome {
    let module = format!("{folder}/index_bg.wasm");
    let mut opt = Command::new(tools::npm_binary("wasm-opt")?);
    opt.arg(&module)
        .args(WORKER_FINISH.split_whitespace())
        .args(WASM_FEATURES.split_whitespace())
        .args(["--enable-exception-handling", "-o", &module]);
    run_quietly(opt, "wasm-opt could not strip the Worker: see above.")?;
    run(
        program(&format!("node xtask/worker-names.mjs {folder}")),
        "The Worker's names could not be shortened: see above.",
    )
}

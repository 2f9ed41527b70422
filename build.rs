//! Looks at the libzmq that `zmq-sys` built: tells the crate what is in it, and stops where that
//! cannot serve.

use std::env;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The documented build.
const CONFIG: &str = include_str!(".cargo/config.toml");

/// What libzmq leaves out where it is not defined: an option that would do nothing then is an error.
const DEFINES: [&str; 9] = [
    "ZMQ_HAVE_SO_BINDTODEVICE",
    "ZMQ_HAVE_SO_KEEPALIVE",
    "ZMQ_HAVE_TCP_KEEPIDLE",
    "ZMQ_HAVE_TCP_KEEPINTVL",
    "ZMQ_HAVE_TCP_KEEPCNT",
    "ZMQ_HAVE_SO_PEERCRED",
    "ZMQ_HAVE_SO_PRIORITY",
    "ZMQ_HAVE_PTHREAD_SET_AFFINITY",
    "ZMQ_HAVE_PTHREAD_SETNAME_2",
];

/// The oldest libzmq whose calls and options the crate can rely on.
const OLDEST: [u32; 3] = [4, 3, 0];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=DOCS_RS");
    println!("cargo::rustc-check-cfg=cfg(libzmq_draft)");
    println!("cargo::rustc-check-cfg=cfg(libzmq_unsigned_char)");
    println!("cargo::rustc-check-cfg=cfg(libzmq_define, values(\"{}\"))", DEFINES.join("\", \""));

    let libzmq = Libzmq::find();
    if libzmq.draft == Some(true) {
        println!("cargo::rustc-cfg=libzmq_draft");
    }
    let flags = compiler_flags();
    if char_is_unsigned(&flags) {
        println!("cargo::rustc-cfg=libzmq_unsigned_char");
    }
    for define in DEFINES.into_iter().filter(|define| is_defined(&flags, define)) {
        println!("cargo::rustc-cfg=libzmq_define=\"{define}\"");
    }
    // Documentation is never linked or run, so it is built whatever libzmq is there.
    if env::var_os("DOCS_RS").is_none()
        && let Err(reason) = usable(&libzmq)
    {
        for line in reason.lines() {
            println!("cargo::error={line}");
        }
    }
}

/// What is certain about the library; `None` is "could not be seen".
struct Libzmq {
    version: Option<[u32; 3]>,
    /// Whether the draft functions can be linked under their C names.
    draft: Option<bool>,
    /// Whether it has CURVE, and leaves the functions for it to be linked.
    curve: Option<bool>,
}

impl Libzmq {
    /// `zmq-sys` has `links = "zmq"`, so Cargo passes its metadata on as `DEP_ZMQ_*`. A target that
    /// overrides that build with a system library may pass nothing: then nothing is known, and that
    /// is no error.
    fn find() -> Self {
        let inside = |directory: &str, file: &str| -> Option<PathBuf> {
            let path = Path::new(&env::var_os(directory)?).join(file);
            if !path.is_file() {
                return None;
            }
            println!("cargo::rerun-if-changed={}", path.display());
            Some(path)
        };
        let symbols = inside("DEP_ZMQ_LIB", "libzmq.a").and_then(|archive| Symbols::of(&archive));
        Libzmq {
            version: inside("DEP_ZMQ_INCLUDE", "zmq.h").and_then(|header| version(&header)),
            // libzmq compiles the draft functions without the draft flag too, but then only under C++ names
            // (`_Z14zmq_poller_newv`).
            draft: symbols.as_ref().map(|symbols| symbols.has("zmq_poller_new")),
            // Of a class that is there with CURVE only.
            curve: symbols.as_ref().map(|symbols| symbols.has_like("curve_server_t")),
        }
    }
}

fn usable(libzmq: &Libzmq) -> Result<(), String> {
    if env::var_os("CARGO_CFG_UNIX").is_none() {
        return Err("zmq-typestate is for Unix for now: it waits on file descriptors through tokio's AsyncFd".into());
    }
    if let Some(found @ [major, minor, patch]) = libzmq.version
        && found < OLDEST
    {
        let [a, b, c] = OLDEST;
        return Err(format!("zmq-typestate needs libzmq {a}.{b}.{c} or later; this is libzmq {major}.{minor}.{patch}"));
    }
    let feature = |name| env::var_os(name).is_some();
    let (draft, curve) = (feature("CARGO_FEATURE_DRAFT"), feature("CARGO_FEATURE_CURVE"));
    let wrong = if draft && libzmq.draft == Some(false) {
        "the feature `draft` needs a libzmq with the draft API, and this one is built without it."
    } else if curve && libzmq.curve == Some(false) {
        "the feature `curve` needs a libzmq with CURVE, and this one is built without it."
    } else if !curve && libzmq.curve == Some(true) {
        "this libzmq is built with CURVE, and cannot be linked without the feature `curve` of zmq-typestate: enable it, or \
         build without."
    } else {
        return Ok(());
    };
    Err(format!(
        "{wrong}\n\
         Put these lines into .cargo/config.toml beside your Cargo.toml, and build again:\n\
         {}\n\
         (A CXXFLAGS in the environment, also an empty one, goes before them.)",
        flags_to_paste(curve)
    ))
}

/// The documented flags; those for CURVE need the feature.
fn flags_to_paste(curve: bool) -> String {
    let flags = CONFIG[CONFIG.find("[env]").unwrap_or_default()..].trim_end();
    if curve { flags.into() } else { flags.replace(" -DZMQ_HAVE_CURVE=1 -DZMQ_USE_TWEETNACL=1", "") }
}

/// The flags for the C++ that `zmq-sys` has just compiled, which are those that this script sees too.
fn compiler_flags() -> Vec<String> {
    let of = |name: &str| env::var(name).unwrap_or_default();
    let target = of("TARGET");
    let kind = if target == of("HOST") { "HOST" } else { "TARGET" };
    // As the crate `cc` collects them: the later ones go before.
    let variables = [
        "CXXFLAGS".into(),
        format!("{kind}_CXXFLAGS"),
        format!("CXXFLAGS_{}", target.replace(['-', '.'], "_")),
        format!("CXXFLAGS_{target}"),
    ];
    for variable in &variables {
        println!("cargo::rerun-if-env-changed={variable}");
    }
    let flags = variables.map(|variable| of(&variable)).join(" ");
    flags.split_whitespace().map(str::to_owned).collect()
}

/// Whether `char` is unsigned: by the flags, or by the target.
fn char_is_unsigned(flags: &[String]) -> bool {
    match flags.iter().rfind(|flag| ["-funsigned-char", "-fsigned-char"].contains(&flag.as_str())) {
        Some(flag) => flag == "-funsigned-char",
        None => {
            let of = |name: &str| env::var(name).unwrap_or_default();
            let unsigned = ["arm", "aarch64", "powerpc", "powerpc64", "riscv32", "riscv64", "s390x"];
            of("CARGO_CFG_TARGET_VENDOR") != "apple" && unsigned.contains(&of("CARGO_CFG_TARGET_ARCH").as_str())
        }
    }
}

fn is_defined(flags: &[String], define: &str) -> bool {
    let names = |flag: &&String| flag.get(2..).is_some_and(|flag| flag.split('=').next() == Some(define));
    flags.iter().rfind(names).is_some_and(|flag| flag.starts_with("-D"))
}

/// The version that `zmq.h` declares.
fn version(header: &Path) -> Option<[u32; 3]> {
    let text = fs::read_to_string(header).ok()?;
    let number = |name: &str| {
        text.lines().find_map(|line| line.strip_prefix("#define ")?.strip_prefix(name))?.trim().parse().ok()
    };
    Some([number("ZMQ_VERSION_MAJOR")?, number("ZMQ_VERSION_MINOR")?, number("ZMQ_VERSION_PATCH")?])
}

/// The names of all symbols that an archive defines. The bytes of the whole file would not tell: debug information holds plain
/// names whatever was built.
struct Symbols(Vec<u8>);

impl Symbols {
    fn of(archive: &Path) -> Option<Self> {
        let symbols = Self(symbol_index(archive).ok()?);
        // An archive whose index does not even list this one is not of a kind that can be judged.
        symbols.has("zmq_ctx_new").then_some(symbols)
    }

    fn names(&self) -> impl Iterator<Item = &[u8]> {
        self.0.split(|&byte| byte == 0)
    }

    fn has(&self, symbol: &str) -> bool {
        // Object formats of Apple's systems put an underscore before every C name.
        self.names().any(|name| name.strip_prefix(b"_").unwrap_or(name) == symbol.as_bytes())
    }

    /// As part of a C++ name.
    fn has_like(&self, part: &str) -> bool {
        self.names().any(|name| name.windows(part.len()).any(|window| window == part.as_bytes()))
    }
}

/// The first member of an `ar` archive: the names of all symbols that it defines, each ended by a
/// zero byte.
fn symbol_index(archive: &Path) -> io::Result<Vec<u8>> {
    // The file's magic (8 bytes), then the member's header (60 bytes) with the size as text at 48.
    let mut head = [0; 68];
    let mut file = File::open(archive)?;
    file.read_exact(&mut head)?;
    let size = str::from_utf8(&head[56..66])
        .ok()
        .and_then(|text| text.trim().parse().ok())
        .ok_or(io::ErrorKind::InvalidData)?;
    let mut index = Vec::new();
    file.take(size).read_to_end(&mut index)?;
    Ok(index)
}

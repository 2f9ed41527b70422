//! Looks at the libzmq that `zmq-sys` built: tells the crate what is in it, and stops where that
//! cannot serve.

use std::env;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The documented build, as in .cargo/config.toml.
const FLAGS: &str = "-DZMQ_BUILD_DRAFT_API=1 -funsigned-char";

/// The oldest libzmq whose calls and options the crate can rely on.
const OLDEST: [u32; 3] = [4, 3, 0];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=DOCS_RS");
    println!("cargo::rustc-check-cfg=cfg(libzmq_draft)");
    println!("cargo::rustc-check-cfg=cfg(libzmq_unsigned_char)");

    let libzmq = Libzmq::find();
    if libzmq.draft == Some(true) {
        println!("cargo::rustc-cfg=libzmq_draft");
    }
    if char_is_unsigned() {
        println!("cargo::rustc-cfg=libzmq_unsigned_char");
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
        Libzmq {
            version: inside("DEP_ZMQ_INCLUDE", "zmq.h").and_then(|header| version(&header)),
            draft: inside("DEP_ZMQ_LIB", "libzmq.a").and_then(|archive| has_draft(&archive)),
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
    if env::var_os("CARGO_FEATURE_DRAFT").is_some() && libzmq.draft == Some(false) {
        return Err(format!(
            "the feature `draft` needs a libzmq with the draft API, and this one is built without it.\n\
             Put these lines into .cargo/config.toml beside your Cargo.toml, and build again:\n\
             [env]\n\
             CXXFLAGS = \"{FLAGS}\"\n\
             (A CXXFLAGS in the environment, also an empty one, goes before them.)"
        ));
    }
    Ok(())
}

/// Whether `char` was unsigned in the C++ that `zmq-sys` has just compiled: by the target, or by the
/// flags, which are those that this script sees too.
fn char_is_unsigned() -> bool {
    let of = |name: &str| env::var(name).unwrap_or_default();
    let target = of("TARGET");
    let variables = [
        "CXXFLAGS".into(),
        "TARGET_CXXFLAGS".into(),
        format!("CXXFLAGS_{}", target.replace('-', "_")),
        format!("CXXFLAGS_{target}"),
    ];
    for variable in variables {
        println!("cargo::rerun-if-env-changed={variable}");
        match of(&variable).split_whitespace().rfind(|flag| ["-funsigned-char", "-fsigned-char"].contains(flag)) {
            Some("-funsigned-char") => return true,
            Some(_) => return false,
            None => {}
        }
    }
    let unsigned = ["arm", "aarch64", "powerpc", "powerpc64", "riscv32", "riscv64", "s390x"];
    of("CARGO_CFG_TARGET_VENDOR") != "apple" && unsigned.contains(&of("CARGO_CFG_TARGET_ARCH").as_str())
}

/// The version that `zmq.h` declares.
fn version(header: &Path) -> Option<[u32; 3]> {
    let text = fs::read_to_string(header).ok()?;
    let number = |name: &str| {
        text.lines().find_map(|line| line.strip_prefix("#define ")?.strip_prefix(name))?.trim().parse().ok()
    };
    Some([number("ZMQ_VERSION_MAJOR")?, number("ZMQ_VERSION_MINOR")?, number("ZMQ_VERSION_PATCH")?])
}

/// Whether the archive defines the draft functions with C linkage.
///
/// libzmq compiles them without the draft flag too, but then only under C++ names
/// (`_Z14zmq_poller_newv`). The bytes of the whole file would not tell: debug information holds the
/// plain name in either build.
fn has_draft(archive: &Path) -> Option<bool> {
    let index = symbol_index(archive).ok()?;
    // Object formats of Apple's systems put an underscore before every C name.
    let defines =
        |symbol: &[u8]| index.split(|&byte| byte == 0).any(|name| name.strip_prefix(b"_").unwrap_or(name) == symbol);
    // An archive whose index does not even list this one is not of a kind that can be judged.
    defines(b"zmq_ctx_new").then(|| defines(b"zmq_poller_new"))
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

//! What must not compile does not, and says so in the words of its snapshot; its corrected twin does.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The snapshots hold for one compiler. CI fails on another, so that they do not silently stop.
#[rustversion::attr(not(stable(1.95)), ignore = "the snapshots are those of rustc 1.95")]
#[test]
fn mistakes_are_refused_and_their_corrections_accepted() {
    let cases = trybuild::TestCases::new();
    // What the draft types refuse can be seen with them only; that they are not there, only without.
    let other = if cfg!(feature = "draft") { "without_draft/" } else { "draft/" };
    for fixture in fixtures().iter().filter(|fixture| !fixture.starts_with(other)) {
        cases.compile_fail(format!("ui-tests/{fixture}.rs"));
        cases.pass(format!("ui-tests/allowed/{fixture}.rs"));
    }
}

/// `theme/name` of every program below `directory`.
fn programs(directory: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for theme in fs::read_dir(directory).unwrap().map(Result::unwrap).filter(|theme| theme.path().is_dir()) {
        for program in fs::read_dir(theme.path()).unwrap().map(|program| program.unwrap().path()) {
            if program.extension().is_some_and(|extension| extension == "rs") {
                let name = program.file_stem().unwrap().to_str().unwrap().to_owned();
                found.insert(format!("{}/{name}", theme.file_name().to_str().unwrap()));
            }
        }
    }
    found
}

fn fixtures() -> BTreeSet<String> {
    programs(Path::new("ui-tests"))
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn every_fixture_is_a_lesson() {
    let fixtures = fixtures();
    assert!(fixtures.len() >= 100, "{} fixtures were found", fixtures.len());
    let index = read("ui-tests/README.md");
    let pages = read("src/refusals.rs");
    for fixture in &fixtures {
        let program = read(&format!("ui-tests/{fixture}.rs"));
        let twin = read(&format!("ui-tests/allowed/{fixture}.rs"));
        let (_, name) = fixture.split_once('/').unwrap();
        assert!(program.starts_with("//! "), "{fixture} does not begin with its reason");
        assert!(program.lines().count() <= 15, "{fixture} is too long for a lesson");
        assert!(!read(&format!("ui-tests/{fixture}.stderr")).is_empty(), "{fixture} has an empty snapshot");
        assert!(index.contains(&format!("]({fixture}.rs)")), "{fixture} is not in ui-tests/README.md");
        assert!(pages.lines().any(|line| line.trim() == name), "{fixture} is not in src/refusals.rs");

        // A twin that differs in more than the fault would prove nothing about it.
        assert_ne!(program, twin, "{fixture} and its twin are the same");
        let lines = |text| str::lines(text).map(str::to_owned).collect::<BTreeSet<_>>();
        let faults = lines(&program).difference(&lines(&twin)).count();
        assert!(faults <= 4, "{fixture} and its twin differ too much");
    }
    let rows = index.lines().filter(|line| line.starts_with("| [`")).count();
    assert_eq!(rows, fixtures.len(), "rows without a fixture in ui-tests/README.md");
    assert_eq!(programs(Path::new("ui-tests/allowed")), fixtures, "twins without a fixture");
}

/// No message is about what its reader cannot see or use. What rustc prints of auto traits and sealed traits, and the line
/// of an item behind a feature, cannot be changed: these themes are left out.
#[test]
fn no_message_is_about_the_crates_inside() {
    let rustcs_own =
        |fixture: &String| ["threads/", "sealed/", "without_draft/"].iter().any(|it| fixture.starts_with(it));
    for fixture in fixtures().iter().filter(|fixture| !rustcs_own(fixture)) {
        let message = read(&format!("ui-tests/{fixture}.stderr"));
        for inside in ["::sealed::", "socket_type::", "mode::", "raw::", "core::Core", "KIND"] {
            assert!(!message.contains(inside), "{fixture} speaks of {inside}");
        }
    }
}

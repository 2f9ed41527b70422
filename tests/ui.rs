//! What must not compile does not, and says so in the words of its snapshot. (That its corrected twin does is a test of the
//! documentation, where `src/refusals.rs` shows both.)

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The snapshots hold for one compiler. CI fails on another, so that they do not silently stop.
#[rustversion::attr(not(stable(1.95)), ignore = "the snapshots are those of rustc 1.95")]
#[test]
fn mistakes_are_refused() {
    let cases = trybuild::TestCases::new();
    // What a feature refuses can be seen with it only; that it is not there, only without.
    let others = [
        if cfg!(feature = "draft") { "without_draft/" } else { "draft/" },
        if cfg!(feature = "curve") { "without_curve/" } else { "curve/" },
    ];
    for fixture in fixtures().iter().filter(|fixture| !others.iter().any(|other| fixture.starts_with(other))) {
        cases.compile_fail(format!("ui-tests/{fixture}.rs"));
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
    let rustcs_own = |fixture: &String| {
        ["threads/", "sealed/", "without_draft/", "without_curve/"].iter().any(|it| fixture.starts_with(it))
    };
    for fixture in fixtures().iter().filter(|fixture| !rustcs_own(fixture)) {
        let message = read(&format!("ui-tests/{fixture}.stderr"));
        for inside in ["::sealed::", "socket_type::", "mode::", "raw::", "core::Core", "KIND"] {
            assert!(!message.contains(inside), "{fixture} speaks of {inside}");
        }
    }
}

#[test]
fn what_the_readme_points_to_is_there() {
    let readme = read("README.md");
    let links = readme.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let files: Vec<&str> = links.filter(|link| !link.contains("://") && !link.starts_with('#')).collect();
    assert!(files.len() > 5, "{files:?}");
    for file in files {
        assert!(Path::new(file).exists(), "{file}");
    }
}

/// The rows of the catalogue of misuses, by group.
const CATALOGUE: [(char, usize); 16] = [
    ('A', 13),
    ('B', 23),
    ('C', 41),
    ('D', 10),
    ('E', 14),
    ('F', 16),
    ('G', 32),
    ('H', 29),
    ('I', 15),
    ('J', 31),
    ('K', 20),
    ('L', 20),
    ('M', 32),
    ('N', 21),
    ('O', 14),
    ('P', 12),
];

#[test]
fn the_catalogue_of_misuses_is_covered() {
    let coverage = read("ui-tests/COVERAGE.md");
    let rows: Vec<[&str; 3]> = coverage
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| row"))
        .map(|line| {
            let mut cells = line.trim_matches('|').splitn(3, " | ").map(str::trim);
            std::array::from_fn(|_| cells.next().unwrap_or_else(|| panic!("{line}")))
        })
        .collect();
    for (group, count) in CATALOGUE {
        let ids: BTreeSet<&str> = rows.iter().map(|[id, ..]| *id).filter(|id| id.starts_with(group)).collect();
        assert_eq!(ids.len(), count, "rows of group {group}");
    }
    assert_eq!(rows.len(), CATALOGUE.iter().map(|(_, count)| count).sum::<usize>(), "a row is there twice");

    let fixtures = fixtures();
    for [id, how, proof] in rows {
        // A program is named as theme/name, a test as tests/file.rs: name.
        let words: Vec<&str> = proof.split([' ', ',', ';', '(', ')', '`']).filter(|word| !word.is_empty()).collect();
        let programs: Vec<&&str> = words.iter().filter(|word| fixtures.contains(**word)).collect();
        for word in
            words.iter().filter(|word| word.contains('/') && !word.contains("//") && !word.starts_with("tests/"))
        {
            let theme = word.split('/').next().unwrap_or_default();
            let is_theme = Path::new("ui-tests").join(theme).is_dir() && !theme.is_empty();
            assert!(!is_theme || fixtures.contains(*word), "{id}: there is no program {word}");
        }
        let mut tests = 0;
        for pair in words.windows(2).filter(|pair| pair[0].starts_with("tests/")) {
            let [file, name] = [pair[0].trim_end_matches(':'), pair[1].trim_end_matches(':')];
            assert!(read(file).contains(&format!("fn {name}(")), "{id}: there is no test {name} in {file}");
            tests += 1;
        }
        assert!(!proof.is_empty(), "{id} says nothing");
        match how {
            "compile error" => assert!(!programs.is_empty(), "{id} names no program"),
            "compile error, run-time error" => assert!(!programs.is_empty() && tests > 0, "{id} names not both"),
            "run-time error" | "works here" => assert!(tests > 0, "{id} names no test"),
            "no such operation" | "not met" => {}
            other => panic!("{id}: {other}"),
        }
    }
}

/// A promise without its test is none.
#[test]
fn every_promise_names_a_test() {
    let promises = read("src/guarantees.md");
    let words: Vec<&str> = promises.split_whitespace().collect();
    let mut named = 0;
    for pair in words.windows(2).filter(|pair| pair[0].ends_with(".rs:")) {
        let file = pair[0].trim_start_matches('(').trim_end_matches(':');
        let name = pair[1].trim_end_matches([';', ')', '.', ',', '|']).trim_end_matches(')');
        assert!(read(&format!("tests/{file}")).contains(&format!("fn {name}(")), "there is no test {name} in {file}");
        named += 1;
    }
    assert!(named > 30, "{named}");
    // Each row of a table that promises something has one.
    for row in promises.lines().filter(|line| line.starts_with("| ") && line.matches(" | ").count() == 2) {
        assert!(row.contains(".rs:") || row.ends_with("| test |"), "{row}");
    }
}

use super::*;
use crate::exchange::board;
use crate::exchange::format;

/// Rows of `egi_product_submissions.csv`.
const SUBMISSIONS: &str = "\
product,version,state,technology_provider,distribution,distribution_version,release_date,branch,path
bdii,6.0.0,Production,EGI,UMD,5.0.0,2023-02-23,feature/pipeline,json/bdii.json
htcondor,9.0.1,Production,CHTC (UW-Madison),UMD,4.15.0,2021-06-01,feature/pipeline,json/htcondor.json
Gfal2,2.22.1,Production,CERN,UMD,4.18.0,2024-02-22,patch-1,4.18.0/cern.gfal22.22.1.json
fts3,3.13.2,Production,CernFts3,UMD,5.0.0,2024-10-14,umd-5,json/umd5/fts3.13.4.json
HTCondor,23.0.16,Production,CHTC (UW-Madison),UMD,5.0.0,2024-09-18,umd-5,json/umd5/condor-23.0.16-el9.json
";

/// Rows of `egi_product_packages.csv`, and one of a product that is not above.
const PACKAGES: &str = "\
product,version,platform,arch,package_file
bdii,6.0.0,al9,x86_64,bdii-6.0.0-1.el9.noarch.rpm
bdii,6.0.0,centos7,x86_64,bdii-6.0.0-1.el7.noarch.rpm
gfal2,2.22.1,centos7,x86_64,gfal2-2.22.1-1.el7.x86_64.rpm
gfal2,2.22.1,centos7,x86_64,gfal2-all-2.22.1-1.el7.x86_64.rpm
fts3,3.13.2,al9,x86_64,fts-3.13.2-1.el9.x86_64.rpm
HTCondor,23.0.16,al9,x86_64,condor-23.0.16-1.el9.x86_64.rpm
wn,5.1.0,al9,x86_64,wn-5.1.0-1.el9.x86_64.rpm
";

fn import(files: &[(&str, &str)]) -> Import {
    let profile = board::profile();
    let context = Context {
        profile: &profile,
        mapping: &[],
        kind: None,
        as_of: None,
    };
    let files: Vec<(String, Vec<u8>)> = files
        .iter()
        .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
        .collect();
    format::read(&files, None, &context).unwrap()
}

fn submission_of<'a>(import: &'a Import, key: &str) -> &'a Item {
    import
        .items
        .iter()
        .find(|item| item.kind == Kind::Submission && item.key == key)
        .unwrap()
}

#[test]
fn two_files_are_joined_in_either_order() {
    let one = import(&[("s.csv", SUBMISSIONS), ("p.csv", PACKAGES)]);
    let other = import(&[("p.csv", PACKAGES), ("s.csv", SUBMISSIONS)]);
    assert_eq!(one.items, other.items);
    assert_eq!(one.mapped, other.mapped);
    let bdii = submission_of(&one, "bdii|6.0.0");
    assert_eq!(bdii.source, "s.csv:2");
    assert_eq!(
        json!(bdii.fields),
        json!({
            "product": "bdii", "version": "6.0.0", "provider": "EGI",
            "submitted": "2023-02-23", "at_least": true,
            "source_state": "Production", "source_path": "json/bdii.json", "state": "answered",
            "targets": [
                { "platform": "al9", "arch": "x86_64" },
                { "platform": "centos7", "arch": "x86_64" }
            ],
            "packages": ["bdii-6.0.0-1.el9.noarch.rpm", "bdii-6.0.0-1.el7.noarch.rpm"],
        })
    );
}

#[test]
fn what_does_not_agree_is_said_with_both_facts() {
    let import = import(&[("s.csv", SUBMISSIONS), ("p.csv", PACKAGES)]);
    assert_eq!(
        import.mapped,
        [
            "5 × state Production → answered",
            "htcondor 9.0.1 (s.csv:3) comes without packages: no platform is known",
            "Gfal2 (s.csv:4) is written gfal2 in p.csv:4: taken as one",
            "fts3 3.13.2 was handed in as fts3.13.4.json (s.csv:5)",
            "the name of HTCondor is \"htcondor\" (s.csv:3) and \"HTCondor\" (s.csv:6): the first is taken",
            "wn 5.1.0 has 1 packages (p.csv:8) and no submission: taken as one of its own",
        ]
    );
    assert!(import.rejected.is_empty());
}

#[test]
fn nothing_is_dropped() {
    let import = import(&[("s.csv", SUBMISSIONS), ("p.csv", PACKAGES)]);
    let count = |kind| import.items.iter().filter(|item| item.kind == kind).count();
    assert_eq!(count(Kind::Submission), 6);
    assert_eq!(
        count(Kind::Product),
        5,
        "htcondor and HTCondor are one product"
    );
    let own = submission_of(&import, "wn|5.1.0");
    assert_eq!(own.source, "p.csv:8");
    assert!(!own.fields.contains_key("submitted"));
    assert_eq!(
        submission_of(&import, "htcondor|9.0.1").fields["targets"],
        json!([])
    );
}

#[test]
fn either_file_is_read_alone() {
    assert_eq!(
        submission_of(&import(&[("s.csv", SUBMISSIONS)]), "fts3|3.13.2").fields["targets"],
        json!([])
    );
    let packages = import(&[("p.csv", PACKAGES)]);
    assert_eq!(
        submission_of(&packages, "gfal2|2.22.1").fields["packages"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert!(packages.mapped.is_empty(), "{:?}", packages.mapped);
}

#[test]
fn a_row_that_says_too_little_or_too_much_is_rejected() {
    let submissions = format!(
        "{SUBMISSIONS},1.0,Production,EGI,UMD,5,2024-01-01,b,p\n\
         ui,7.0.0,Production,EGI,UMD,5,27.09.2024,b,p\n\
         BDII,6.0.0,Production,EGI,UMD,5,2024-01-01,b,p\n"
    );
    let packages = format!(
        "{PACKAGES}wn,5.1.0,al9,x86_64,\nbdii,6.0.0,al9,x86_64,bdii-6.0.0-1.el9.noarch.rpm\n"
    );
    let import = import(&[("s.csv", &submissions), ("p.csv", &packages)]);
    let said: Vec<String> = import
        .rejected
        .iter()
        .map(|row| format!("{} {}", row.source, row.why))
        .collect();
    assert_eq!(
        said,
        [
            "s.csv:7 it names no product",
            "s.csv:8 release_date is \"27.09.2024\", a day is written YYYY-MM-DD",
            "s.csv:9 bdii|6.0.0 is already the submission of s.csv:2",
            "p.csv:9 it names no product or no package",
            "p.csv:10 the package stands in p.csv:2 already",
        ]
    );
}

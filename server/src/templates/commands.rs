//! The `templates` commands: reads and writes the files, leaves the work to its neighbours.

use super::evaluate::Evaluation;
use super::train::{self, Settings};
use super::try_lines::try_lines;
use dianma_schema::template::{self, Engine, RuleProblem};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

/// What `dianma-server templates` can do.
#[derive(clap::Subcommand, Debug)]
pub enum TemplatesCommand {
    /// Decide texts from standard input, one a line; one JSON object a line comes out.
    Try,
    /// Run the engine over labelled texts (`kind<TAB>urgent<TAB>text`) and print the confusion matrix.
    Evaluate {
        /// The labelled texts.
        file: PathBuf,
    },
    /// Train the second opinion from labelled texts.
    Train {
        /// The labelled texts; several files count as one.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Where the model goes.
        #[arg(long, default_value = "shared-schema/catalogues/templates/model.bin")]
        out: PathBuf,
    },
}

/// Why a command stopped.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// Reading or writing failed.
    #[error("{path}: {source}，请检查路径和权限")]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The labelled texts are not in the right form.
    #[error("{path}: {what}，请改正后再试")]
    Corpus {
        /// Which file.
        path: PathBuf,
        /// Which line and why.
        what: String,
    },
    /// Standard input or output broke.
    #[error("读写中断：{0}")]
    Stream(#[from] io::Error),
    /// The shipped rules do not load.
    #[error("工单模板的规则有误，请改正后再启动 (order template rules are broken): {0}")]
    Rules(String),
}

/// Runs one command.
///
/// # Errors
/// See [`CommandError`].
pub fn run(command: &TemplatesCommand) -> Result<(), CommandError> {
    match command {
        TemplatesCommand::Try => {
            let output = BufWriter::new(io::stdout().lock());
            match try_lines(shipped()?, io::stdin().lock(), output) {
                // The reader went away: that is its way of saying enough.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                other => other.map(|_| ()).map_err(CommandError::from),
            }
        }
        TemplatesCommand::Evaluate { file } => print_evaluation(file),
        TemplatesCommand::Train { files, out } => train_model(files, out),
    }
}

fn train_model(files: &[PathBuf], out: &Path) -> Result<(), CommandError> {
    let mut examples = Vec::new();
    for file in files {
        examples.extend(read(file)?);
    }
    let engine = template::rules_only().map_err(|problems| rules(&problems))?;
    let model = train::train(&engine, &examples, &Settings::default());
    std::fs::write(out, model.write()).map_err(|source| CommandError::File {
        path: out.to_owned(),
        source,
    })
}

#[expect(clippy::print_stdout, reason = "the table goes to standard output")]
fn print_evaluation(file: &Path) -> Result<(), CommandError> {
    println!("{}", Evaluation::of(shipped()?, &read(file)?));
    Ok(())
}

/// The shipped engine; the server asks for it before it opens its port.
///
/// # Errors
/// Every problem of the shipped rules, in one sentence.
pub fn shipped() -> Result<&'static Engine, CommandError> {
    template::shipped().map_err(rules)
}

fn rules(problems: &[RuleProblem]) -> CommandError {
    let list: Vec<String> = problems.iter().map(ToString::to_string).collect();
    CommandError::Rules(list.join("；"))
}

fn read(path: &Path) -> Result<Vec<train::Example>, CommandError> {
    let text = std::fs::read_to_string(path).map_err(|source| CommandError::File {
        path: path.to_owned(),
        source,
    })?;
    train::read_corpus(&text).map_err(|what| CommandError::Corpus {
        path: path.to_owned(),
        what,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_rules_are_named_in_one_sentence() {
        let problem = |place: &str, what: &str| RuleProblem {
            place: place.to_owned(),
            what: what.to_owned(),
        };
        let shown = rules(&[
            problem("typos", "有空词"),
            problem("全村没电", "应为 ad_hoc"),
        ]);
        let shown = shown.to_string();
        for part in ["规则有误", "改正", "typos: 有空词", "全村没电: 应为 ad_hoc"] {
            assert!(shown.contains(part), "{shown}");
        }
        assert!(!shown.contains('\n'));
    }

    #[test]
    fn the_shipped_rules_let_the_server_start() {
        assert!(shipped().is_ok());
    }
}

namespace CraftKit.Edge.Cli;

/// <summary>What the help of each command shows under "Examples". Every line is one that the command takes.</summary>
internal static class HelpExamples
{
    private static readonly Dictionary<string, (string Line, string Meaning)[]> Examples = new(StringComparer.Ordinal)
    {
        [""] =
        [
            ("serve --demo", "try it: makes a project, a key and a render, and prints a curl line"),
            ("init \"Customer portal\"", "begin for real: a configuration, a project, its keys"),
            ("serve --config /etc/craftkit-edge/config.json", "serve with a configuration"),
        ],
        ["serve"] =
        [
            ("serve --demo", "something to try with, and a curl line to paste"),
            ("serve --url http://0.0.0.0:8080 --admin-url \"\"", "reachable from other machines, no admin plane"),
        ],
        ["init"] =
        [
            ("init \"Customer portal\"", "config.json and data in the working folder"),
            ("init --config /etc/craftkit-edge/config.json --data /var/lib/craftkit-edge", "where a system service looks"),
        ],
        ["project"] = [("project add \"Customer portal\"", "make one"), ("project list", "show all")],
        ["project add"] = [("project add \"Customer portal\" --id portal", "with an id that can be remembered")],
        ["project list"] = [("project list --json", "for a script")],
        ["project delete"] = [("project delete portal", "its keys answer 403 from now on, its events stay")],
        ["key"] = [("key create --project portal --name backend", "make one, shown this once"), ("key list", "show all, without the keys themselves")],
        ["key create"] = [("key create --project portal --name backend", "shown this once"), ("key create --project portal --json", "for a script")],
        ["key list"] = [("key list --project portal", "one project's")],
        ["key revoke"] = [("key revoke 0197a6c5-51a5-7f5e-9d2b-6a1f0c3e8d41", "the id that key list shows")],
        ["account"] = [("account key create --name dashboard", "a key for the admin plane, shown this once")],
        ["account key"] =
        [
            ("account key create --name dashboard", "make one, shown this once"),
            ("account key list", "show all, without the keys themselves"),
        ],
        ["account key create"] = [("account key create --name dashboard", "shown this once"), ("account key create --json", "for a script")],
        ["account key list"] = [("account key list --json", "for a script")],
        ["account key revoke"] = [("account key revoke 0197a6c5-51a5-7f5e-9d2b-6a1f0c3e8d41", "the id that account key list shows")],
        ["render"] = [("render add invoice-4711 --project portal", "one render"), ("render import renders.jsonl", "many at once")],
        ["render add"] =
        [
            ("render add invoice-4711 --project portal --share s-20bf", "shared through a link"),
            ("render add invoice-4711 --project portal --share \"\"", "no longer shared"),
        ],
        ["render import"] =
        [
            ("render import renders.jsonl", "lines such as {\"id\":\"r1\",\"projectId\":\"portal\",\"shareId\":\"s1\"}"),
            ("render import - < renders.jsonl", "from standard input"),
        ],
        ["render list"] = [("render list --project portal --json", "for a script")],
        ["render delete"] = [("render delete invoice-4711", "events of it are refused from now on, those there stay")],
        ["events"] = [("events export --format csv --out events.csv", "everything, for a spreadsheet")],
        ["events export"] =
        [
            ("events export | jq -c '{renderId, eventType}'", "everything, as JSON lines"),
            ("events export --format csv --since 2026-05-01 --until 2026-06-01 --out may.csv", "a month, for a spreadsheet"),
        ],
        ["check"] = [("check", "in bounded steps, beside a serving process too"), ("check --full", "reads everything")],
        ["version"] = [("version --json", "for a script")],
        ["completion"] =
        [
            ("completion bash > /etc/bash_completion.d/craftkit-edge", "bash"),
            ("completion zsh > \"${fpath[1]}/_craftkit-edge\"", "zsh"),
            ("completion fish > ~/.config/fish/completions/craftkit-edge.fish", "fish"),
        ],
    };

    /// <summary>The commands that have examples, by their names from the root on; the root is empty.</summary>
    public static IReadOnlyCollection<string> Commands => Examples.Keys;

    /// <summary>The examples of a command: what follows the program's name, and what it does.</summary>
    public static IReadOnlyList<(string Line, string Meaning)> Of(string command) => Examples.GetValueOrDefault(command, []);
}

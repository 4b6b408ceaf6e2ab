using System.CommandLine;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Events;
using CraftKit.Edge.Json;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Service;

namespace CraftKit.Edge.Cli;

/// <summary><c>events export</c>: every stored event, oldest first.</summary>
internal static class ExportVerb
{
    private static readonly string[] Formats = ["jsonl", "csv"];

    public static Command CreateGroup(VerbContext context) => new("events", "Take the stored events out") { Create(context) };

    private static Command Create(VerbContext context)
    {
        var format = new Option<string>("--format") { Description = "jsonl or csv", HelpName = "jsonl|csv", DefaultValueFactory = _ => Formats[0] };
        format.CompletionSources.Add(Formats);
        var project = new Option<string?>("--project") { Description = "Only this project's events", HelpName = "ID" };
        var render = new Option<string?>("--render") { Description = "Only this render's events", HelpName = "ID" };
        var since = new Option<string?>("--since") { Description = "Only events at or after this time: 2026-05-03 or 2026-05-03T10:20:00Z", HelpName = "T" };
        var until = new Option<string?>("--until") { Description = "Only events before this time", HelpName = "T" };
        var file = new Option<string?>("--out") { Description = "File to write; the standard output when not given", HelpName = "FILE" };
        var command = new Command("export", "Write every stored event, oldest first") { format, project, render, since, until, file };
        command.SetAction(async (parsed, _) =>
        {
            var export = new ExportOptions
            {
                Format = parsed.GetValue(format) switch
                {
                    "jsonl" => ExportFormat.JsonLines,
                    "csv" => ExportFormat.Csv,
                    var other => throw Wrong(format, $"\"{other}\" is neither jsonl nor csv"),
                },
                ProjectId = parsed.GetValue(project),
                RenderId = parsed.GetValue(render),
                Since = Time(since, parsed.GetValue(since)),
                Until = Time(until, parsed.GetValue(until)),
                Out = parsed.GetValue(file),
            };
            await RunAsync(context, context.LoadOptions(parsed), export).ConfigureAwait(false);
        });
        return command;
    }

    private static async Task RunAsync(VerbContext context, EdgeOptions options, ExportOptions export)
    {
        using var signals = new StopSignals();
        using var file = export.Out is { } path ? OutputFile.Create(path, options.DataDirectory) : null;
        var destination = file?.Stream ?? context.OutBytes;
        IEventFormat format = export.Format == ExportFormat.Csv ? new EventCsv(destination) : new EventJsonLines(destination);
        await ExportCommand.RunAsync(options, export, Write, signals.Token).ConfigureAwait(false);
        if (file is null)
            format.Flush();
        else
            file.Complete(format.Flush);

        // Only here is it known that what failed is the file and not the storage.
        void Write(ExportedEvent exported)
        {
            try
            {
                format.Write(exported);
            }
            catch (IOException e) when (file is not null)
            {
                throw file.Failure(e);
            }
        }
    }

    private static DateTimeOffset? Time(Option option, string? text)
    {
        if (text is null)
            return null;
        return TimeText.TryParse(text, out var time)
            ? time
            : throw Wrong(option, $"\"{text}\" is not a time; write 2026-05-03, 2026-05-03T10:20:00Z or 2026-05-03T10:20:00+02:00");
    }

    private static EdgeException Wrong(Option option, string problem) => new($"{option.Name}: {problem}", ConfigurationFault.ExitCode);
}

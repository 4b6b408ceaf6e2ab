using System.CommandLine;
using System.Text.Json;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Http;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Service;

namespace CraftKit.Edge.Cli;

/// <summary><c>check</c>: looks over the configuration and the data folder.</summary>
internal static class CheckVerb
{
    public static Command Create(VerbContext context)
    {
        var full = new Option<bool>("--full") { Description = "Read everything instead of looking in bounded steps", Arity = ArgumentArity.Zero };
        var json = VerbContext.Json();
        var command = new Command("check", "Validate the configuration and the data folder and say what was found") { full, json };
        command.SetAction(async (parsed, _) =>
        {
            var options = context.LoadOptions(parsed);
            var findings = new List<CheckFinding> { new("configuration", IsFault: false, "valid") };
            if (!parsed.GetValue(json))
                findings.ForEach(Print);
            if (options.Tls.Certificate.Length != 0)
                Tell(LookAtCertificate(options.Tls));
            using var signals = new StopSignals();
            await CheckCommand.RunAsync(options, parsed.GetValue(full), Tell, signals.Token).ConfigureAwait(false);
            var isSound = !findings.Exists(finding => finding.IsFault);
            if (parsed.GetValue(json))
                context.WriteJson(writer => Write(writer, findings, isSound));
            return isSound ? 0 : 1;

            void Tell(CheckFinding finding)
            {
                findings.Add(finding);
                if (!parsed.GetValue(json))
                    Print(finding);
            }
        });
        return command;

        void Print(CheckFinding finding)
        {
            context.Out.WriteLine(TerminalText.Escape($"{(finding.IsFault ? "FAULT" : "ok   ")}  {finding.Subject}: {KeyText.Mask(finding.Text)}"));
            context.Out.Flush();
        }
    }

    private static CheckFinding LookAtCertificate(TlsSection files)
    {
        try
        {
            var certificate = TlsCertificate.Load(files).TargetCertificate;
            var end = certificate.NotAfter.ToUniversalTime();
            var isOver = end < DateTime.UtcNow;
            return new CheckFinding("certificate", isOver, $"{certificate.Subject}, {(isOver ? "ended" : "ends")} {end:u}");
        }
        catch (EdgeException fault)
        {
            return new CheckFinding("certificate", IsFault: true, fault.Message);
        }
    }

    private static void Write(Utf8JsonWriter writer, List<CheckFinding> findings, bool isSound)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("ok", isSound);
        writer.WriteStartArray("findings");
        foreach (var finding in findings)
        {
            writer.WriteStartObject();
            writer.WriteString("subject", finding.Subject);
            writer.WriteBoolean("ok", !finding.IsFault);
            writer.WriteString("text", KeyText.Mask(finding.Text));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}

using CraftKit.Edge.Catalog;
using CraftKit.Edge.Service;

namespace CraftKit.Edge.Http.Admin;

/// <summary><c>POST /v1/projects/{id}/renders</c>: JSON lines, taken in as they arrive, stored all or none.</summary>
internal sealed class RenderBulk(AdminGateway admin)
{
    /// <summary>The largest body, bytes.</summary>
    public const int MaxBodyBytes = 32 << 20;

    /// <summary>The most lines that are not blank.</summary>
    public const int MaxLines = 100_000;

    // What was read of one may take 20 MB; more of them than these wait before their bodies are read.
    private static readonly SemaphoreSlim Places = new(4);

    public async Task<ApiAnswer?> ImportAsync(AdminRequest request)
    {
        if (await admin.FindProjectAsync(request) is not { } project)
            return ApiError.ProjectNotFound;
        await Places.WaitAsync(request.Aborted);
        try
        {
            using var batch = new ImportBatch(project.Id, MaxLines);
            if (!await request.ReadBodyAsync(MaxBodyBytes, Take))
                return ApiError.PayloadTooLarge;
            batch.End();
            var import = await admin.ChangeAsync(catalog => catalog.Renders.Import(batch, traffic: admin.Traffic), request.Aborted);
            return import.Fault != CatalogFault.None ? AdminAnswers.Refused(import.Fault)
                : import.Value.Succeeded ? AdminAnswers.Ok(import.Value, static (json, result) => json.Write(result))
                : ApiError.InvalidRequest(new BodyIssues(null, FaultsOf(import.Value)));

            void Take(ReadOnlySpan<byte> piece)
            {
                batch.Push(piece);

                // The server's buffers are of 4 KiB, so this much is a turn.
                admin.Traffic?.GiveWay();
            }
        }
        finally
        {
            Places.Release();
        }
    }

    private static List<(string, string)> FaultsOf(ImportResult import) =>
        [.. import.Faults.SelectMany(fault => fault.Messages.Select(message => ($"line {fault.Line}", message)))];
}

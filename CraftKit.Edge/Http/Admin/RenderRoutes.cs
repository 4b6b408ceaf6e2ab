using System.Text.Json;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Json;
using CraftKit.Edge.Metrics;
using CraftKit.Edge.Service;
using Microsoft.AspNetCore.Http;

namespace CraftKit.Edge.Http.Admin;

/// <summary><c>/v1/projects/{id}/renders</c>, whose bulk is <see cref="RenderBulk"/>'s, and <c>/v1/projects/{id}/renders/{renderId}</c>.</summary>
internal sealed class RenderRoutes(AdminGateway admin, int maxBodyBytes)
{
    private const int DefaultPage = 100;

    /// <summary>Renders that are written in one turn (<see cref="EventTraffic"/>).</summary>
    private const int TurnRenders = 256;

    private static readonly TextMember ShareId = new("shareId", CatalogId.MaxLength) { IsId = true };

    public AdminRoute[] All =>
    [
        new AdminRoute("/v1/projects/{}/renders").On(HttpMethods.Get, ListAsync).On(HttpMethods.Post, new RenderBulk(admin).ImportAsync),
        new AdminRoute("/v1/projects/{}/renders/{}").On(HttpMethods.Get, GetAsync).On(HttpMethods.Put, PutAsync).On(HttpMethods.Delete, DeleteAsync),
    ];

    private async Task<ApiAnswer?> ListAsync(AdminRequest request)
    {
        if (await admin.FindProjectAsync(request) is not { } project)
            return ApiError.ProjectNotFound;
        var after = request.Query("after") is { Length: > 0 } given ? given : null;
        var limit = DefaultPage;
        var faults = new List<(string, string)>();
        if (after is not null)
            faults.AddRange(CatalogId.FaultsOf(after).Select(fault => ("after", fault)));
        if (request.Query("limit") is { } text && ZodWords.NumberFault(text, 1, RenderTable.MaxPage, out limit) is { } fault)
            faults.Add(("limit", fault));
        if (faults.Count > 0)
            return ApiError.InvalidRequest(new BodyIssues(null, faults), message: "The query does not fit the schema.");
        var page = await admin.ReadAsync(catalog => catalog.Renders.List(project.Id, after, limit, admin.Traffic), request.Aborted);
        if (page.Fault != CatalogFault.None)
            return AdminAnswers.Refused(page.Fault);
        using var renders = page.Value.Renders;
        return await PagedAnswer.SendPageAsync(request, page.Value, Write);
    }

    private void Write(Utf8JsonWriter json, RenderPage page)
    {
        json.WriteStartObject();
        json.WriteStartArray("renders"u8);
        for (var i = 0; i < page.Renders.Count; i++)
        {
            page.Renders.Write(json, i);
            if (i % TurnRenders == TurnRenders - 1)
                admin.Traffic?.GiveWay();
        }

        json.WriteEndArray();
        json.WriteString("next"u8, page.Next);
        json.WriteEndObject();
    }

    private async Task<ApiAnswer?> GetAsync(AdminRequest request)
    {
        if (await admin.FindProjectAsync(request) is not { } project)
            return ApiError.ProjectNotFound;
        if (request.Id(1) is not { } renderId)
            return ApiError.RenderNotInProject;
        var render = await admin.ReadAsync(catalog => catalog.Renders.Get(renderId, project.Id), request.Aborted);
        return render.Fault == CatalogFault.None
            ? AdminAnswers.Ok(render.Value, static (json, render) => json.Write(render))
            : AdminAnswers.Refused(render.Fault);
    }

    private async Task<ApiAnswer?> PutAsync(AdminRequest request)
    {
        if (await admin.FindProjectAsync(request) is not { } project)
            return ApiError.ProjectNotFound;
        var renderId = request.Id(1);
        var share = await (renderId is null
            ? ShareId.ReadAsync(request, maxBodyBytes, ("renderId", ZodWords.Invalid))
            : ShareId.ReadAsync(request, maxBodyBytes));
        if (share.Refusal is not null)
            return share.Refusal;
        var change = !share.IsPresent ? ShareChange.Keep : share.Text is null ? ShareChange.Remove : ShareChange.Set(share.Text);
        var put = await admin.ChangeAsync(catalog => catalog.Renders.Add(renderId!, project.Id, change), request.Aborted);
        if (put.Fault != CatalogFault.None)
            return AdminAnswers.Refused(put.Fault);
        return put.Value.Change == RenderChange.Added
            ? AdminAnswers.Created(put.Value.Render, static (json, render) => json.Write(render))
            : AdminAnswers.Ok(put.Value.Render, static (json, render) => json.Write(render));
    }

    private async Task<ApiAnswer?> DeleteAsync(AdminRequest request)
    {
        if (await admin.FindProjectAsync(request) is not { } project)
            return ApiError.ProjectNotFound;
        if (request.Id(1) is not { } renderId)
            return ApiError.RenderNotInProject;
        var deleted = await admin.ChangeAsync(catalog => catalog.Renders.Delete(renderId, project.Id), request.Aborted);
        return deleted.Fault == CatalogFault.None ? AdminAnswers.Done(renderId, "deleted") : AdminAnswers.Refused(deleted.Fault);
    }
}

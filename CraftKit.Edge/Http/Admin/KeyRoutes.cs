using CraftKit.Edge.Catalog;
using CraftKit.Edge.Service;
using Microsoft.AspNetCore.Http;

namespace CraftKit.Edge.Http.Admin;

/// <summary><c>/v1/projects/{id}/keys</c> and <c>/v1/projects/{id}/keys/{keyId}</c>.</summary>
internal sealed class KeyRoutes(AdminGateway admin, int maxBodyBytes)
{
    private static readonly TextMember Name = new("name", KeyTable.MaxNameLength);

    public AdminRoute[] All =>
    [
        new AdminRoute("/v1/projects/{}/keys").On(HttpMethods.Get, ListAsync).On(HttpMethods.Post, CreateAsync),
        new AdminRoute("/v1/projects/{}/keys/{}").On(HttpMethods.Delete, RevokeAsync),
    ];

    private async Task<ApiAnswer?> ListAsync(AdminRequest request)
    {
        if (await admin.FindProjectAsync(request) is not { } project)
            return ApiError.ProjectNotFound;
        return await PagedAnswer.SendAsync<CatalogKey>(
            request,
            "keys",
            async last => (await admin.ReadAsync(catalog => catalog.Keys.List(project.Id, last?.Id, PagedAnswer.PageSize), request.Aborted)).Value,
            (json, key) => json.Write(key, admin.LastUse(key.Id)));
    }

    private async Task<ApiAnswer?> CreateAsync(AdminRequest request)
    {
        if (await admin.FindProjectAsync(request) is not { } project)
            return ApiError.ProjectNotFound;
        var name = await Name.ReadAsync(request, maxBodyBytes);
        if (name.Refusal is not null)
            return name.Refusal;
        var created = await admin.ChangeAsync(catalog => catalog.Keys.Create(project.Id, name.Text), request.Aborted);
        return created.Fault == CatalogFault.None
            ? AdminAnswers.Created(created.Value, static (json, created) => json.Write(created))
            : AdminAnswers.Refused(created.Fault);
    }

    private async Task<ApiAnswer?> RevokeAsync(AdminRequest request)
    {
        if (await admin.FindProjectAsync(request) is not { } project)
            return ApiError.ProjectNotFound;
        if (request.Id(1) is not { } keyId)
            return ApiError.KeyNotFound;
        var revoked = await admin.ChangeAsync(catalog => catalog.Keys.Revoke(keyId, project.Id), request.Aborted);
        return revoked.Fault == CatalogFault.None ? AdminAnswers.Done(keyId, "revoked") : AdminAnswers.Refused(revoked.Fault);
    }
}

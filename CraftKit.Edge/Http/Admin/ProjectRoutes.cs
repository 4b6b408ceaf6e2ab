using CraftKit.Edge.Catalog;
using CraftKit.Edge.Service;
using Microsoft.AspNetCore.Http;

namespace CraftKit.Edge.Http.Admin;

/// <summary><c>/v1/projects</c> and <c>/v1/projects/{id}</c>.</summary>
internal sealed class ProjectRoutes(AdminGateway admin, int maxBodyBytes)
{
    // The one route whose schema is answered with 422: CraftKit's does so.
    private static readonly TextMember NewName = new("name", ProjectTable.MaxNewNameLength)
    {
        IsRequired = true,
        FaultStatus = StatusCodes.Status422UnprocessableEntity,
    };

    private static readonly TextMember Name = new("name", ProjectTable.MaxNameLength) { IsRequired = true };

    public AdminRoute[] All =>
    [
        new AdminRoute("/v1/projects").On(HttpMethods.Get, ListAsync).On(HttpMethods.Post, AddAsync),
        new AdminRoute("/v1/projects/{}").On(HttpMethods.Get, GetAsync).On(HttpMethods.Patch, RenameAsync).On(HttpMethods.Delete, DeleteAsync),
    ];

    private Task<ApiAnswer?> ListAsync(AdminRequest request) => PagedAnswer.SendAsync<CatalogProject>(
        request,
        "projects",
        last => admin.ReadAsync(catalog => catalog.Projects.List(after: last?.Id, limit: PagedAnswer.PageSize), request.Aborted),
        static (json, project) => json.Write(project));

    private async Task<ApiAnswer?> AddAsync(AdminRequest request)
    {
        var name = await NewName.ReadAsync(request, maxBodyBytes);
        if (name.Refusal is not null)
            return name.Refusal;
        var added = await admin.ChangeAsync(catalog => catalog.Projects.Add(name.Text!), request.Aborted);
        return added.Fault != CatalogFault.None ? AdminAnswers.Refused(added.Fault) : AdminAnswers.Created(added.Value, static (json, project) =>
        {
            json.WriteStartObject();
            json.WriteString("id"u8, project.Id);
            json.WriteString("slug"u8, project.Slug);
            json.WriteString("name"u8, project.Name);
            json.WriteEndObject();
        });
    }

    private async Task<ApiAnswer?> GetAsync(AdminRequest request) =>
        request.Id(0) is { } id ? Whole(await admin.ReadAsync(catalog => catalog.Projects.Get(id), request.Aborted)) : ApiError.ProjectNotFound;

    private async Task<ApiAnswer?> RenameAsync(AdminRequest request)
    {
        if (await admin.FindProjectAsync(request) is not { } project)
            return ApiError.ProjectNotFound;
        var name = await Name.ReadAsync(request, maxBodyBytes);
        return name.Refusal ?? Whole(await admin.ChangeAsync(catalog => catalog.Projects.Rename(project.Id, name.Text!), request.Aborted));
    }

    private async Task<ApiAnswer?> DeleteAsync(AdminRequest request)
    {
        if (request.Id(0) is not { } id)
            return ApiError.ProjectNotFound;
        var deleted = await admin.ChangeAsync(catalog => catalog.Projects.Delete(id), request.Aborted);
        return deleted.Fault == CatalogFault.None ? AdminAnswers.Done(id, "deleted") : AdminAnswers.Refused(deleted.Fault);
    }

    private static ApiAnswer Whole(CatalogResult<CatalogProject> project) => project.Fault == CatalogFault.None
        ? AdminAnswers.Ok(project.Value, static (json, project) => json.Write(project))
        : AdminAnswers.Refused(project.Fault);
}

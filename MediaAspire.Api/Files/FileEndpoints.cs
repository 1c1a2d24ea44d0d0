using MediaAspire.Api.Audit;
using MediaAspire.Api.Limits;
using MediaAspire.Api.NamedFiles;
using MediaAspire.Api.Ownership;
using MediaAspire.Api.Security;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Files;

/// <summary>HTTP surface of files: <c>/files</c>.</summary>
internal static class FileEndpoints
{
    public static RouteGroupBuilder MapFiles(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/files").WithTags("Files").WithAuditedProblems().LimitTransfers().WithQuotaProblems();

        group.MapPost("/", Create).WithName("CreateFile").RequireAuthorization(Policies.FilesWrite)
            .WithSummary("Store a file from a form, or named data from JSON")
            .AddOpenApiOperationTransformer((operation, _, _) => FileOpenApi.DescribeFormAndJson(operation))
            .Produces<FileResponse>(StatusCodes.Status201Created).Produces(StatusCodes.Status200OK)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapGet("/", GetByName).WithName("GetNamedFile").RequireAuthorization(Policies.FilesRead)
            .WithSummary("Get the data that a client stored under a name, as JSON")
            .AddOpenApiOperationTransformer((operation, _, _) => FileOpenApi.DescribeNamedFile(operation))
            .Produces(StatusCodes.Status200OK).ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapPut("/", Put).WithName("PutFile").RequireAuthorization(Policies.FilesWrite)
            .WithSummary("Store the request body as a file; the fastest way")
            .AddOpenApiOperationTransformer((operation, _, _) => FileOpenApi.DescribeBody(operation))
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapMethods("/{id}", [HttpMethods.Get, HttpMethods.Head], Get).WithName("GetFile").RequireAuthorization(Policies.FilesRead)
            .WithSummary("Get a file, or ranges of it")
            .AddOpenApiOperationTransformer((operation, context, _) =>
                FileOpenApi.DescribeDownload(operation, context.Description.HttpMethod))
            .Produces(StatusCodes.Status200OK).Produces(StatusCodes.Status206PartialContent)
            .Produces(StatusCodes.Status304NotModified)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status416RangeNotSatisfiable).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapGet("/{id}/layout", GetLayout).WithName("GetFileLayout").RequireAuthorization(Policies.FilesRead)
            .WithSummary("Get the location of every copy of every chunk")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        group.MapDelete("/{id}", Delete).WithName("DeleteFile").RequireAuthorization(Policies.FilesWrite)
            .WithSummary("Delete a file; it is invisible at once, and its bytes are collected later")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

        return group;
    }

    private static async Task<IResult> Create(
        HttpRequest request, string? owner, MultipartUpload form, NamedFileUpload json, CancellationToken cancellationToken) =>
        NamedFileUpload.Takes(request)
            ? await json.StoreAsync(request, owner, cancellationToken)
            : await form.StoreAsync(request, owner, cancellationToken);

    private static Results<NamedFileDownload, ProblemHttpResult> GetByName(HttpRequest request, NamedFileDownloads downloads) =>
        downloads.Of(request);

    private static Task<Results<Created<FileResponse>, ProblemHttpResult>> Put(
        HttpRequest request, string? filename, string? owner, RawUpload upload, CancellationToken cancellationToken) =>
        upload.StoreAsync(request, filename, owner, cancellationToken);

    private static async Task<Results<FileDownload, ProblemHttpResult>> Get(
        HttpContext http, string id, FileCatalog catalog, FileDownloads downloads, CancellationToken cancellationToken)
    {
        if (!FileId.TryParse(id, out var fileId))
        {
            return FileErrors.InvalidId(id);
        }

        return await catalog.FindAsync(fileId, http.GetCaller().Owner, cancellationToken) is { } file
            ? downloads.Of(file)
            : FileErrors.NotFound(fileId);
    }

    private static async Task<Results<Ok<FileLayoutResponse>, ProblemHttpResult>> GetLayout(
        HttpContext http, string id, FileCatalog catalog, FileLayouts layouts, CancellationToken cancellationToken)
    {
        if (!FileId.TryParse(id, out var fileId))
        {
            return FileErrors.InvalidId(id);
        }

        return await catalog.FindAsync(fileId, http.GetCaller().Owner, cancellationToken) is { } file
            ? TypedResults.Ok(layouts.Describe(file))
            : FileErrors.NotFound(fileId);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        HttpContext http, string id, FileCatalog catalog, CancellationToken cancellationToken)
    {
        if (!FileId.TryParse(id, out var fileId))
        {
            return FileErrors.InvalidId(id);
        }

        return await catalog.DeleteAsync(fileId, http.GetCaller().Owner, cancellationToken)
            ? TypedResults.NoContent()
            : FileErrors.NotFound(fileId);
    }
}

using MediaAspire.Api.Audit;
using MediaAspire.Api.Limits;
using MediaAspire.Api.Ownership;
using MediaAspire.Api.Security;
using MediaAspire.Core.Uploads;

namespace MediaAspire.Api.Uploads;

/// <summary>Resumable uploads: <c>/uploads</c>, by tus and by the IETF's protocol on the same resources.</summary>
internal static class UploadEndpoints
{
    private const int LargestPage = 1000;

    public static RouteGroupBuilder MapUploads(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/uploads").WithTags("Uploads").WithAuditedProblems().WithQuotaProblems();

        group.MapPost("/", Create).WithName("CreateUpload").RequireAuthorization(Policies.UploadsWrite).LimitTransfers()
            .WithSummary("Begin a resumable upload, by tus or by the IETF's protocol, with its first bytes or without")
            .AddOpenApiOperationTransformer((operation, _, _) => UploadOpenApi.DescribeCreation(operation))
            .Produces(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed).ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType).ProducesProblem(StatusCodes.Status507InsufficientStorage);
        group.MapGet("/", List).WithName("ListUploads").RequireAuthorization(Policies.UploadsWrite)
            .WithSummary("List the uploads under way, the newest first")
            .Produces<UploadListResponse>().ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapMethods("/{id}", [HttpMethods.Get, HttpMethods.Head], Get).WithName("GetUpload")
            .RequireAuthorization(Policies.UploadsWrite)
            .WithSummary("Get the state of an upload; HEAD gets the offset to continue at")
            .WithDescription("HEAD ends a request that is still sending bytes of the upload: its offset is then final. GET does not.")
            .AddOpenApiOperationTransformer((operation, _, _) => UploadOpenApi.DescribeState(operation))
            .Produces<UploadResponse>().Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
        group.MapPatch("/{id}", Append).WithName("AppendToUpload").RequireAuthorization(Policies.UploadsWrite).LimitTransfers()
            .WithSummary("Append bytes to an upload; the last ones complete it")
            .AddOpenApiOperationTransformer((operation, _, _) => UploadOpenApi.DescribeAppend(operation))
            .Produces<UploadResponse>().Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status423Locked).ProducesProblem(UploadErrors.ChecksumMismatchStatus)
            .ProducesProblem(StatusCodes.Status507InsufficientStorage);
        group.MapDelete("/{id}", Cancel).WithName("CancelUpload").RequireAuthorization(Policies.UploadsWrite)
            .WithSummary("Cancel an unfinished upload and remove its bytes")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed);
        group.MapUploadSigning();
        group.MapUploadParts();

        return group;
    }

    private static async Task<IResult> Create(
        HttpContext http, UploadSenders senders, TusDoor tus, DraftDoor draft, CancellationToken cancellationToken)
    {
        var isDraft = !UploadHeaders.IsTus(http.Request) && DraftDoor.Creates(http.Request);
        if (isDraft)
        {
            DraftDoor.Begin(http);
        }
        else if (!TusDoor.Speaks(http.Request))
        {
            return UploadErrors.ProtocolRequired();
        }
        else if (TusDoor.Begin(http) is { } unsupported)
        {
            return unsupported;
        }

        var (sender, problem) = await senders.FindAsync(http, cancellationToken);
        return sender is null ? problem!
            : isDraft ? await draft.CreateAsync(http, sender, cancellationToken)
            : await tus.CreateAsync(http, sender, cancellationToken);
    }

    private static async Task<IResult> Get(
        HttpContext http, string id, UploadSenders senders, UploadFinder finder, DraftDoor draft, CancellationToken cancellationToken)
    {
        var isTus = UploadHeaders.IsTus(http.Request);
        if (isTus && TusDoor.Begin(http) is { } unsupported)
        {
            return unsupported;
        }

        var (sender, problem) = await senders.FindAsync(http, cancellationToken);
        if (sender is null)
        {
            return problem!;
        }

        // A person who looks at the progress must not stop it.
        var settles = HttpMethods.IsHead(http.Request.Method);
        var (session, missing) = await finder.FindAsync(sender, id, settles, cancellationToken);
        return session is null ? missing!
            : settles && session is { PartSize: not null, State: UploadSessionState.Receiving } ? UploadErrors.InParts()
            : isTus && settles ? TusDoor.Head(http, session)
            : draft.Head(http, session);
    }

    private static async Task<IResult> Append(
        HttpContext http,
        string id,
        UploadSenders senders,
        UploadFinder finder,
        TusDoor tus,
        DraftDoor draft,
        CancellationToken cancellationToken)
    {
        var isTus = TusDoor.Speaks(http.Request);
        if (!isTus)
        {
            DraftDoor.Begin(http);
        }
        else if (TusDoor.Begin(http) is { } unsupported)
        {
            return unsupported;
        }

        var (sender, problem) = await senders.FindAsync(http, cancellationToken);
        if (sender is null)
        {
            return problem!;
        }

        // An older append is ended first, so that the offset that the request is compared with is final.
        var (session, missing) = await finder.FindAsync(sender, id, settles: true, cancellationToken);
        return session is null ? missing!
            : isTus ? await tus.AppendAsync(http, session, cancellationToken)
            : await draft.AppendAsync(http, session, cancellationToken);
    }

    private static async Task<IResult> Cancel(
        HttpContext http,
        string id,
        UploadSenders senders,
        UploadFinder finder,
        CancellationToken cancellationToken)
    {
        var isTus = UploadHeaders.IsTus(http.Request);
        if (isTus && TusDoor.Begin(http) is { } unsupported)
        {
            return unsupported;
        }

        var (sender, problem) = await senders.FindAsync(http, cancellationToken);
        if (sender is null)
        {
            return problem!;
        }

        var (session, missing) = await finder.FindAsync(sender, id, settles: false, cancellationToken);
        return session is null ? missing! : await finder.CancelAsync(session, cancellationToken);
    }

    private static async Task<IResult> List(
        HttpContext http, int? limit, string? after, UploadSenders senders, UploadPages pages, CancellationToken cancellationToken)
    {
        var (sender, problem) = await senders.FindAsync(http, cancellationToken);
        if (sender is null)
        {
            return problem!;
        }

        if (sender.Grant is not null)
        {
            return UploadErrors.GrantForbids("A signed address is for one upload, and lists none.");
        }

        var most = limit ?? UploadPages.DefaultSize;
        if (most is < 1 or > LargestPage)
        {
            return UploadErrors.InvalidPage($"\"limit\" is {limit}; it must be 1 to {LargestPage}.");
        }

        UploadCursor? cursor = null;
        if (after is not null && (cursor = UploadPages.ReadCursor(after)) is null)
        {
            return UploadErrors.InvalidPage("\"after\" is not the \"next\" of a page.");
        }

        return TypedResults.Ok(await pages.ReadAsync(
            sender.Owner, cursor, most, session => sender.Allow(session.Target) is null, cancellationToken));
    }
}

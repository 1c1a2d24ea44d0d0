using MediaAspire.Api.Security;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Uploads;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Media;

/// <summary>Notifications of the object store: <c>POST /media/events</c>.</summary>
internal static partial class EventEndpoints
{
    private const int MaxBodyBytes = 1024 * 1024;

    public static void MapEvents(this RouteGroupBuilder media) => media.MapPost("/events", Report)
        .WithName("ReportMediaEvents")
        .WithSummary("Finish uploads that the object store has reported")
        .WithDescription(
            "Accepts the notifications of S3, also in the envelope of SNS, and {\"key\": \"media/…\"}. Late, repeated and unknown ones are "
            + "acknowledged. SNS sends the key as the password of HTTP Basic.")
        .RequireAuthorization(Policies.MediaEvents)
        .WithMetadata(BasicKeys.Accepted)
        .Accepts<EventRequest>("application/json", "text/plain")
        .Produces<EventsResponse>()
        .Produces<EventsResponse>(StatusCodes.Status202Accepted)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<JsonHttpResult<EventsResponse>, ProblemHttpResult>> Report(
        HttpContext http, ReportUploads uploads, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        // Objects of every owner are reported alike, so the answers tell about every owner's items.
        if (http.GetCaller().Owner is not null)
        {
            return MediaErrors.EventsOfAllOwners();
        }

        EventDocument document;
        try
        {
            document = EventDocument.Parse(await ReadAsync(http, cancellationToken));
        }
        catch (FormatException malformed)
        {
            return MediaErrors.InvalidEvents(malformed.Message);
        }

        if (document.Confirmation is { } confirmation)
        {
            // Only an operator follows an address that a sender chose.
            LogConfirmation(loggers.CreateLogger(typeof(EventEndpoints)), confirmation.AbsoluteUri);
        }

        var created = document.Records.OfType<ReportedObject>().ToList();
        var outcomes = new Queue<FinishOutcome?>(await uploads.RunAsync(created, cancellationToken));
        var results = document.Records
            .Select((record, i) => record is null
                ? new EventResult(document.Keys[i], "ignored")
                : Describe(document.Keys[i], outcomes.Dequeue()))
            .ToList();
        var isUnderWay = results.Exists(result => result.Result is "partial" or "verifying");
        return TypedResults.Json(
            new EventsResponse(results),
            MediaJson.Default.EventsResponse,
            statusCode: isUnderWay ? StatusCodes.Status202Accepted : StatusCodes.Status200OK);
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext http, CancellationToken cancellationToken)
    {
        // Kestrel refuses a longer body with 413.
        http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = MaxBodyBytes;
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, cancellationToken);
        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    private static EventResult Describe(string key, FinishOutcome? outcome) => outcome is null
        ? new(key, "foreign")
        : new(key, NameOf(outcome.State))
        {
            Id = outcome.Id?.Value,
            Uploaded = outcome.Id is null ? null : $"{outcome.StoredParts}/{outcome.Parts}",
            Code = outcome.Code,
        };

    private static string NameOf(FinishState state) => state switch
    {
        FinishState.Unknown => "unknown",
        FinishState.Already => "already",
        FinishState.Verifying => "verifying",
        FinishState.Partial => "partial",
        FinishState.Complete => "complete",
        FinishState.Refused => "refused",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, message: null),
    };

    [LoggerMessage(
        LogLevel.Warning, "SNS asks to confirm a subscription to the events of the object store. If it is yours, open {Address}")]
    private static partial void LogConfirmation(ILogger logger, string address);
}

/// <summary>The plain form of a notification.</summary>
/// <param name="Key">The key of an object that was uploaded.</param>
/// <param name="Bucket">Its bucket; the platform's without it.</param>
public sealed record EventRequest(string Key, string? Bucket);

/// <param name="Records">The results in the order of the notified objects.</param>
public sealed record EventsResponse(IReadOnlyList<EventResult> Records);

/// <param name="Key">The object's key.</param>
/// <param name="Result">
/// <c>complete</c>: the item is uploaded; <c>partial</c>: other parts are missing; <c>verifying</c>: the object is being hashed;
/// <c>already</c>: it was finished before; <c>refused</c>: it is not the declared one, or the upload has expired; <c>unknown</c>: no upload
/// has the key, or the object is gone; <c>foreign</c>: another bucket; <c>ignored</c>: not about a new object.
/// </param>
public sealed record EventResult(string Key, string Result)
{
    /// <summary>Gets the item's id.</summary>
    public Guid? Id { get; init; }

    /// <summary>Gets the uploaded parts of all, such as <c>1/2</c>.</summary>
    public string? Uploaded { get; init; }

    /// <summary>Gets the reason of a refusal, such as <c>size-mismatch</c>.</summary>
    public string? Code { get; init; }
}

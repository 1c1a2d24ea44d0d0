using System.Text.Json;
using MediaAspire.Core.Audit;

namespace MediaAspire.Api.Audit;

/// <summary>Writes events as lines of JSON, the oldest first, and holds one page of them.</summary>
/// <remarks>Each page is a query of its own, so that an export of hours holds no lock on the log.</remarks>
internal sealed class AuditExport(AuditStore store, AuditFilter filter, Guid? after, long limit, TimeProvider time) : IResult
{
    public const string ContentType = "application/x-ndjson";

    private const int PageSize = 1000;

    // Events are written up to a second after they occurred. The next export, which continues behind the last event, must find them.
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(10);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var cancellationToken = httpContext.RequestAborted;
        var end = time.GetUtcNow() - s_settled;
        var settled = filter.To is { } to && to < end ? filter : filter with { To = end };

        // The first page comes before the status, so that a database that does not respond is a 503.
        var (cursor, left) = (after, limit);
        var page = await ReadAsync();
        httpContext.Response.ContentType = ContentType;
        httpContext.Response.Headers.CacheControl = "no-store";
        while (page.Count > 0)
        {
            Write(httpContext, page);
            await httpContext.Response.BodyWriter.FlushAsync(cancellationToken);
            left -= page.Count;
            cursor = page[^1].Id;
            page = page.Count < PageSize ? [] : await ReadAsync();
        }

        Task<IReadOnlyList<AuditEvent>> ReadAsync() =>
            store.ListAsync(settled, cursor, oldestFirst: true, (int)Math.Min(PageSize, left), cancellationToken);
    }

    private static void Write(HttpContext http, IReadOnlyList<AuditEvent> page)
    {
        var lines = http.Response.BodyWriter;
        using var json = new Utf8JsonWriter(lines);
        foreach (var one in page)
        {
            JsonSerializer.Serialize(json, AuditEventResponse.Of(one), AuditJson.Default.AuditEventResponse);
            json.Flush();
            json.Reset();
            lines.GetSpan(1)[0] = (byte)'\n';
            lines.Advance(1);
        }
    }
}

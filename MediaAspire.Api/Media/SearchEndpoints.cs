using System.ComponentModel;
using MediaAspire.Api.Security;
using MediaAspire.Core.Media.Filters;
using Microsoft.AspNetCore.Http.Features;

namespace MediaAspire.Api.Media;

/// <summary>Lists of items: <c>GET /media</c> and <c>POST /media/search</c>.</summary>
internal static class SearchEndpoints
{
    private const string Grammar =
        "Each field is a parameter; field=value is equal, field.operator=value compares: ne, gt, gte, lt, lte, exists, isempty, match. "
        + "tags, without and categories take values separated by commas. multi matches a text in name, description, website, owner and "
        + "alias; multi.in chooses some of them. order is createdAt, uploadedAt, updatedAt, size or name, with a - before it for the "
        + "greatest first; limit is 1 to 100; cursor is that of the page before; offset is 0 to 10000.";

    public static void MapSearch(this RouteGroupBuilder media)
    {
        media.MapGet("", List).WithName("ListMedia").RequireAuthorization(Policies.MediaRead)
            .WithSummary("List items by a filter in the query string, newest first").WithDescription(Grammar)
            .AddOpenApiOperationTransformer((operation, _, _) => SearchOpenApi.DescribeQuery(operation))
            .Produces<MediaListResponse>().ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        media.MapPost("/search", Search).WithName("SearchMedia").RequireAuthorization(Policies.MediaRead)
            .WithSummary("List items by a filter in JSON, newest first")
            .WithDescription("The names are those of GET /media; a field's operators are an object, such as {\"size\": {\"gte\": 1000}}.")
            .AddOpenApiOperationTransformer((operation, _, _) => SearchOpenApi.DescribeBody(operation))
            .Produces<MediaListResponse>().ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static Task<IResult> List(
        HttpContext http, IMediaSearch search, MediaDownloads downloads, TimeProvider time, CancellationToken cancellationToken)
    {
        var parameters = http.Request.Query
            .Select(pair => new KeyValuePair<string, IReadOnlyList<string?>>(pair.Key, pair.Value.ToArray()));
        return AnswerAsync(http, FilterParser.Parse(parameters), search, downloads, time, cancellationToken);
    }

    private static async Task<IResult> Search(
        HttpContext http, IMediaSearch search, MediaDownloads downloads, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!http.Request.HasJsonContentType())
        {
            return MediaErrors.UnsupportedBody(http.Request.ContentType);
        }

        var body = await ReadAsync(http, cancellationToken);
        return await AnswerAsync(http, FilterParser.Parse(body), search, downloads, time, cancellationToken);
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext http,
        FilterResult parsed,
        IMediaSearch search,
        MediaDownloads downloads,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (parsed.Request is not { } request)
        {
            return SearchErrors.Invalid(parsed.Error!);
        }

        if (MediaOwners.BoundTo(http.GetCaller()) is { } bound)
        {
            if (request.Filter.Equal(FilterFields.Owner) is string named && named != bound.Value)
            {
                return MediaErrors.OwnerForbidden();
            }

            request = request with { Filter = request.Filter.OfOwner(bound) };
        }

        var (query, error) = request.Open();
        if (query is null)
        {
            return SearchErrors.Invalid(error!);
        }

        var startedAt = time.GetTimestamp();
        var result = await search.SearchAsync(query, cancellationToken);
        return result.Status switch
        {
            SearchStatus.TooCostly => SearchErrors.TooCostly(),
            SearchStatus.Busy => SearchErrors.Busy(http),
            _ => TypedResults.Json(
                MediaListResponse.Of(query, result, downloads, time.GetElapsedTime(startedAt)), MediaJson.Default.MediaListResponse),
        };
    }

    // One byte more than a filter may have is enough to refuse it; a longer body is not read.
    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext http, CancellationToken cancellationToken)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        var buffer = new byte[FilterParser.MaxBytes + 1];
        var length = await http.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return buffer.AsMemory(0, length);
    }
}

/// <summary>A page of a list.</summary>
/// <param name="Items">The items, in order.</param>
/// <param name="Cursor">
/// The cursor of the next page, left out on the last one; for a page by offset, the offset of the next page, also behind the last item.
/// </param>
/// <param name="Page">For a page by offset: its number, from 1.</param>
/// <param name="Pages">For a page by offset: the number of pages of the first 10,000 items; 0 for an empty list.</param>
/// <param name="Time">The milliseconds that the search took.</param>
public sealed record MediaListResponse(
    [property: Description("The items, in order.")] IReadOnlyList<MediaResponse> Items, string? Cursor, int? Page, int? Pages, double Time)
{
    internal static MediaListResponse Of(MediaQuery query, MediaSearchResult result, MediaDownloads downloads, TimeSpan elapsed)
    {
        MediaResponse[] items = [.. result.Items.Select(downloads.Describe)];
        var time = Math.Round(elapsed.TotalMilliseconds, 1);
        return query.Offset is { } offset
            ? new(
                items,
                (offset + query.Limit).ToString(System.Globalization.CultureInfo.InvariantCulture),
                (offset / query.Limit) + 1,
                (result.Count + query.Limit - 1) / query.Limit,
                time)
            : new(items, result.Next?.Format(query.Filter), null, null, time);
    }
}

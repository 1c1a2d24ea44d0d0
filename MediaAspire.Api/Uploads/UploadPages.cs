using System.Globalization;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Uploads;

namespace MediaAspire.Api.Uploads;

/// <summary>The pages of the list of uploads under way.</summary>
internal sealed class UploadPages(UploadSessions sessions)
{
    public const int DefaultSize = 100;

    /// <summary>Reads a page, the newest uploads first.</summary>
    /// <param name="owner">The owner whose uploads alone are listed; <see langword="null"/> for all.</param>
    /// <param name="after">The position after which the page begins; <see langword="null"/> for the first page.</param>
    /// <param name="size">The most uploads of the page.</param>
    /// <param name="isShown">Determines whether the reader may see an upload.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<UploadListResponse> ReadAsync(
        OwnerId? owner, UploadCursor? after, int size, Func<UploadSession, bool> isShown, CancellationToken cancellationToken)
    {
        // One more than is shown tells whether there is another page.
        var found = await sessions.ListAsync(owner, after, size + 1, cancellationToken);
        var page = found.Take(size).ToList();
        return new(
            [.. page.Where(isShown).Select(UploadResponse.Of)],
            found.Count > size ? Write(UploadCursor.After(page[^1])) : null);
    }

    /// <summary>Reads a position that an earlier page named; <see langword="null"/> when the text is not one.</summary>
    public static UploadCursor? ReadCursor(string text) =>
        text.Split('.') is [var ticks, var id]
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var time) && time <= DateTimeOffset.MaxValue.UtcTicks
        && UploadSessionId.TryParse(id, out var upload)
            ? new(new DateTimeOffset(time, TimeSpan.Zero), upload)
            : null;

    private static string Write(UploadCursor cursor) =>
        string.Create(CultureInfo.InvariantCulture, $"{cursor.CreatedAt.UtcTicks}.{cursor.Id}");
}

using System.Security.Cryptography;
using System.Text;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Media;

namespace MediaAspire.Tests.Media;

/// <summary>Makes items of the catalog for tests.</summary>
internal static class NewMedia
{
    /// <summary>Makes a private simple item of one stored part per content.</summary>
    public static MediaItem Of(string owner, string name, params string[] contents)
    {
        var id = MediaId.New(TimeProvider.System);
        return new()
        {
            Id = id,
            Owner = new(owner),
            Kind = MediaKind.Simple,
            Status = MediaStatus.Ready,
            Name = name,
            CreatedAt = DateTimeOffset.UnixEpoch,
            Parts = [.. (contents is [] ? [name] : contents).Select((content, i) => PartOf(id, i + 1, content))],
        };
    }

    public static MediaPart PartOf(MediaId id, int number, string content, MediaPartState state = MediaPartState.Stored) => new(
        number, "simple", $"media/{id.Value:N}/{number}-{Guid.CreateVersion7():N}", "text/plain", Encoding.UTF8.GetByteCount(content),
        new Sha256Digest(SHA256.HashData(Encoding.UTF8.GetBytes(content))), state);
}

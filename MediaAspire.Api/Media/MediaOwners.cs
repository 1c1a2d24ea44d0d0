using MediaAspire.Api.Security;
using MediaAspire.Core.Media;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Media;

/// <summary>Selects the owner that a request acts for.</summary>
/// <remarks>
/// A key that is bound to an owner acts for the media owner of the same text only. Other keys are the application's, and act for any.
/// </remarks>
internal static class MediaOwners
{
    /// <summary>Gets the only owner that a sender may act for; <see langword="null"/> for one that may act for all.</summary>
    public static MediaOwner? BoundTo(Caller sender) => sender.Owner is { } owner ? new MediaOwner(owner.Value) : null;

    /// <summary>Selects the owner of a new item.</summary>
    /// <param name="sender">The sender.</param>
    /// <param name="named">The owner that the request names; <see langword="null"/> when it names none.</param>
    /// <param name="owner">The owner.</param>
    /// <returns>The problem with the request; <see langword="null"/> for none.</returns>
    public static ProblemHttpResult? Select(Caller sender, string? named, out MediaOwner owner)
    {
        owner = default;
        if ((named ?? sender.Owner?.Value) is not { } text)
        {
            return MediaErrors.OwnerRequired();
        }

        if (sender.Owner is { } bound && bound.Value != text)
        {
            return MediaErrors.OwnerForbidden(text, bound);
        }

        // The id of a key's owner may be longer than the name of a media owner.
        return MediaOwner.TryParse(text, out owner) ? null : MediaErrors.InvalidOwner(text);
    }
}

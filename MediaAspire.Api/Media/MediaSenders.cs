using MediaAspire.Api.Security;
using MediaAspire.Core.Media;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Media;

/// <summary>Finds the owner that the sender of a request acts for.</summary>
/// <remarks>
/// A key that is bound to an owner acts for the media owner of the same text only. A key without an owner is an application's: it acts for
/// every owner, or for the one that the request names.
/// </remarks>
internal static class MediaSenders
{
    /// <summary>Selects the sender.</summary>
    /// <param name="http">The request.</param>
    /// <param name="named">The owner that the request names; <see langword="null"/> when it names none.</param>
    /// <param name="sender">The sender.</param>
    /// <returns>The problem with the request; <see langword="null"/> for none.</returns>
    public static ProblemHttpResult? Select(HttpContext http, string? named, out MediaSender sender)
    {
        var caller = http.GetCaller();
        sender = MediaSender.Anonymous;
        if (caller.Scopes == default)
        {
            return null;
        }

        sender = MediaOwners.BoundTo(caller) is { } bound ? MediaSender.Of(bound) : MediaSender.Application;
        if (named is null)
        {
            return null;
        }

        var problem = MediaOwners.Select(caller, named, out var owner);
        sender = MediaSender.Of(owner);
        return problem;
    }
}

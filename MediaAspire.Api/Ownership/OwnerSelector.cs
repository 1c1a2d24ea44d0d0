using MediaAspire.Api.Security;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Quotas;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Ownership;

/// <summary>Selects the owner of what a request stores or asks for by name.</summary>
/// <remarks>
/// A key that is bound to an owner acts for that one only. Other senders act for no owner, or for the one that they name by
/// <c>?owner=</c>.
/// </remarks>
internal sealed class OwnerSelector(QuotaGate quotas)
{
    /// <summary>Selects the owner whose data is read.</summary>
    /// <param name="sender">The sender.</param>
    /// <param name="named">The owner that the request names; <see langword="null"/> when it names none.</param>
    /// <param name="owner">The owner; <see langword="null"/> for none.</param>
    /// <returns>The problem with the request; <see langword="null"/> for none.</returns>
    public static ProblemHttpResult? Select(Caller sender, string? named, out OwnerId? owner)
    {
        owner = sender.Owner;
        if (named is null)
        {
            return null;
        }

        if (!OwnerId.TryParse(named, out var id))
        {
            return OwnerErrors.Invalid(named);
        }

        if (sender.Owner is { } bound && bound != id)
        {
            return OwnerErrors.Forbidden(id, bound);
        }

        owner = id;
        return null;
    }

    /// <summary>Selects the owner of a new file, and refuses a file that does not fit into its quota.</summary>
    /// <param name="sender">The sender.</param>
    /// <param name="named">The owner that the request names; <see langword="null"/> when it names none.</param>
    /// <param name="leastBytes">The least bytes that are added.</param>
    /// <param name="objects">The number of files that are added; 0 where one may be replaced.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="QuotaExceededException">The file does not fit.</exception>
    public async ValueTask<SelectedOwner> SelectForWriteAsync(
        Caller sender, string? named, long leastBytes, int objects, CancellationToken cancellationToken)
    {
        if (Select(sender, named, out var owner) is { } problem)
        {
            return new(null, 0, problem);
        }

        if (owner is not { } charged)
        {
            return new(null, long.MaxValue, null);
        }

        return await quotas.RequireAsync(charged, leastBytes, objects, cancellationToken) is { } room
            ? new(charged, room, null)
            : new(null, 0, OwnerErrors.Unknown(charged));
    }
}

/// <summary>The owner of a new file.</summary>
/// <param name="Owner">The owner; <see langword="null"/> for none.</param>
/// <param name="MaxBytes">The most bytes that the file may have now.</param>
/// <param name="Problem">The problem with the request; <see langword="null"/> for none.</param>
internal readonly record struct SelectedOwner(OwnerId? Owner, long MaxBytes, ProblemHttpResult? Problem);

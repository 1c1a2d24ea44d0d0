using System.Net;
using MediaAspire.Api.Security;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Owners;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Admin;

/// <summary>Checks requests for new API keys.</summary>
internal static class ApiKeyRequests
{
    private const int MaxAddresses = 64;

    private static readonly string[] s_scopesOfOperators = [ApiScopeNames.Admin, ApiScopeNames.Metrics];

    /// <summary>Checks a request, except for the existence of its owner.</summary>
    /// <param name="request">The request.</param>
    /// <param name="caller">The sender, which can grant only its own scopes.</param>
    /// <param name="now">The current time.</param>
    /// <param name="key">The key without id and secret.</param>
    /// <returns>The first problem; <see langword="null"/> when there is none.</returns>
    public static ProblemHttpResult? TryRead(CreateApiKeyRequest? request, Caller caller, DateTimeOffset now, out NewApiKey? key)
    {
        key = null;
        if (!OwnerName.IsValid(request?.Name))
        {
            return ApiKeyErrors.InvalidName();
        }

        OwnerId? owner = null;
        if (request.OwnerId is { } ownerText)
        {
            if (!OwnerId.TryParse(ownerText, out var ownerId))
            {
                return OwnerErrors.InvalidId();
            }

            owner = ownerId;
        }

        if (CheckScopes(request.Scopes, owner, caller) is { } problem)
        {
            return problem;
        }

        if (TryReadAddresses(request.Addresses, out var addresses) is { } invalid)
        {
            return invalid;
        }

        if (request.ExpiresAt <= now)
        {
            return ApiKeyErrors.Expired(request.ExpiresAt.Value);
        }

        key = new NewApiKey("", [], request.Name, [.. request.Scopes!.Distinct().Order(StringComparer.Ordinal)!])
        {
            Owner = owner,
            Addresses = addresses,
            ExpiresAt = request.ExpiresAt,
            CreatedBy = caller.KeyId,
        };
        return null;
    }

    private static ProblemHttpResult? CheckScopes(IReadOnlyList<string?>? names, OwnerId? owner, Caller caller)
    {
        if (names is null or [])
        {
            return ApiKeyErrors.NoScopes();
        }

        foreach (var name in names)
        {
            if (name is null || !ApiScopeNames.TryParse(name, out var scope))
            {
                return ApiKeyErrors.UnknownScope(name);
            }

            if (owner is not null && s_scopesOfOperators.Contains(name))
            {
                return ApiKeyErrors.ScopeOfOperators(name);
            }

            if ((caller.Scopes & scope) != scope)
            {
                return ApiKeyErrors.ScopeNotHeld(name);
            }
        }

        return null;
    }

    private static ProblemHttpResult? TryReadAddresses(IReadOnlyList<string?>? texts, out IReadOnlyList<string> ranges)
    {
        var read = new List<string>();
        ranges = read;
        if (texts?.Count > MaxAddresses)
        {
            return ApiKeyErrors.TooManyAddresses(MaxAddresses);
        }

        foreach (var text in texts ?? [])
        {
            if (!TryReadRange(text, out var range))
            {
                return ApiKeyErrors.InvalidAddress(text);
            }

            read.Add(range.ToString());
        }

        return null;
    }

    private static bool TryReadRange(string? text, out IPNetwork range)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            range = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        }
        else if (!IPNetwork.TryParse(text, out range))
        {
            return false;
        }

        // Addresses of clients are compared in their plain form, which such a range never contains.
        return !range.BaseAddress.IsIPv4MappedToIPv6;
    }
}

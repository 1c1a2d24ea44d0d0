using MediaAspire.Core.Quotas;

namespace MediaAspire.Api.Ownership;

internal static class OwnershipExtensions
{
    /// <summary>Has routes return a problem when a quota does not allow what they store.</summary>
    public static RouteGroupBuilder WithQuotaProblems(this RouteGroupBuilder group) => group.AddEndpointFilter(async (context, next) =>
    {
        try
        {
            return await next(context);
        }
        catch (QuotaExceededException exceeded)
        {
            return OwnerErrors.QuotaExceeded(exceeded.Refusal);
        }
    });
}

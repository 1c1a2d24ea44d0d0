namespace MediaAspire.Tests.Faults;

/// <summary>The product broke a promise.</summary>
internal sealed class CampaignViolationException(string message) : Exception(message);

namespace MediaAspire.Tests.Faults;

/// <summary>The product violated a guarantee.</summary>
internal sealed class CampaignViolationException(string message) : Exception(message);

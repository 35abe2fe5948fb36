"""What the whole house talks about: plain, frozen values that know no storage and no outside tool."""
